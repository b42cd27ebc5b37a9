// Package scenarios holds whole stories, told against the real binary: a server
// is started as an operator starts it, and people work on its pages as a browser
// would, without scripts. What the pages say is what the story believes.
//
// Words. A world is one running server with its own database and clock. A
// visitor is somebody at a browser. A story is one test.
//
// Laws. Nothing is reached around the pages but the clock, which stands in a
// file. Every number that a story expects is worked out by hand in a comment.
package scenarios
