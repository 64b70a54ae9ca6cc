#include "world/openssl_held.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>

#include <cstddef>

namespace msp::openssl {

void give_back(bio_st* bio) {
    BIO_free_all(bio);
}

void give_back(evp_pkey_st* key) {
    EVP_PKEY_free(key);
}

std::string text_of(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace msp::openssl
