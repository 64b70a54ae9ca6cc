// What a thread is called where threads are listed: top -H, perf, a debugger.
#pragma once

namespace msp {

// Of the calling thread. Requires: 15 characters at most, a limit of Linux.
void name_thread(const char* name);

}  // namespace msp
