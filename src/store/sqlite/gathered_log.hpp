// Files for SQLite whose write-ahead log is written in few large pieces.
//
// SQLite writes each frame of its log as two small writes; gathered, a commit is one or two. Law:
// nothing is synced before it is written, nothing is read around what is gathered; a piece that
// could not be written is the sync's failure. Sound because a commit is published to other
// connections only after its sync: with `synchronous = FULL`, never below.
// All other files are those of SQLite's own choice at the first call, untouched.
#pragma once

namespace msp {

// The name to open a connection with. Threads: any.
const char* gathered_log();

}  // namespace msp
