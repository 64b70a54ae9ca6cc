// What OpenSSL gives out, held and given back. For sources of this folder that speak to OpenSSL.
#pragma once

#include <memory>
#include <string>

struct bio_st;
struct evp_pkey_st;

namespace msp::openssl {

template <auto free_it>
struct Freed {
    template <class Held>
    void operator()(Held* held) const {
        free_it(held);
    }
};

void give_back(bio_st*);
void give_back(evp_pkey_st*);
struct GivenBack {
    template <class Held>
    void operator()(Held* held) const {
        give_back(held);
    }
};

using Bio = std::unique_ptr<bio_st, GivenBack>;
using Key = std::unique_ptr<evp_pkey_st, GivenBack>;

// What was written into it. Requires: it is in memory.
std::string text_of(const Bio&);

}  // namespace msp::openssl
