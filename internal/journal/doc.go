// Package journal is the record of every act (存证日志): who did what, when, on
// which right and with which exact values, kept so that nobody, the operator of
// the server included, can change it later without being found out.
//
// Words.
//   - An entry (条目) is one act or one refused attempt. Its bytes are the truth;
//     everything else in the tables can be recomputed from them.
//   - A receipt number (回执号) goes to the user after each act and names the entry.
//   - Folding takes entries that wait and gives them their sequence numbers, 0, 1,
//     2…, as leaves of a Merkle tree (RFC 6962).
//   - A checkpoint (检查点) is the signed head of the tree: size, root hash, time.
//   - A bundle (证明包) is a file with chosen entries and all that proves them
//     offline against the public key.
//
// Laws.
//   - No entry, no act: Append runs in the act's own transaction.
//   - Sequence numbers run without a gap, and an entry that has one is never
//     written again. A checkpoint covers all earlier ones.
//   - Writers never wait for the tree: folding is apart and one at a time.
//   - What the tables say is believed only as far as bytes and signatures bear it
//     out; VerifyDatabase and VerifyBundle trust nothing else.
//
// Imperfect: an entry that has not been folded yet (some seconds) can be removed
// without trace by whoever owns the database, and so can the newest entries
// together with all checkpoints that cover them. Against the second, checkpoints
// must be kept elsewhere too; VerifyDatabase takes such checkpoints.
//
// Besides the store this is the one package that holds SQL: the journal must be
// readable and provable without it. docs/sources/journal.md describes formats
// and the commands of a check.
package journal
