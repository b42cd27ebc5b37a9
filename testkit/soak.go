package testkit

import "os"

// Soak reports whether the long round runs (`make soak`, SOAK=1): tests that try a
// few cases in every round try all of them then, and loads last their full time.
func Soak() bool { return os.Getenv("SOAK") == "1" }
