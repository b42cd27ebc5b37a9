package journal

// OldestWaiting is the question for what is folded next.
var OldestWaiting = oldestWaiting
