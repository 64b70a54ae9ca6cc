#include "world/thread_name.hpp"

#include <pthread.h>

#include <cassert>

namespace msp {

void name_thread(const char* name) {
    const int failed = pthread_setname_np(pthread_self(), name);
    assert(failed == 0);
    (void)failed;
}

}  // namespace msp
