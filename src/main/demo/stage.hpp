// Where the demo plays: one platform reached over HTTP like by anybody else, and who calls it with
// which key.
//
// Calls are made from several threads at once, so that many parties act at the same moment.
#pragma once

#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace boost::json {
class array;
class value;
}  // namespace boost::json

namespace msp::demo {

struct Reply {
    int status = 0;  // 0: no answer came
    std::shared_ptr<const boost::json::value> json;
    std::string etag;
    bool ok() const { return status >= 200 && status < 300; }
    const boost::json::value& body() const { return *json; }
    // The value at a dotted path as text; empty where there is none.
    std::string text(std::string_view path) const;
    std::int64_t number(std::string_view path) const;
};
std::string text_at(const boost::json::value&, std::string_view path);
// The array at a dotted path; empty where there is none.
const boost::json::array& items_at(const boost::json::value&, std::string_view path);

struct Address {
    std::string api;      // http://127.0.0.1:…
    std::string devices;  // https://127.0.0.1:…
    std::string ca_file;  // that the device listener's certificate rests on
};

class Stage {
public:
    Stage(Address address, std::string staff_token, std::ostream& out);

    const Address& address() const { return address_; }
    std::ostream& out() const { return out_; }

    // `who` is a party's name; "m2m-sp" is staff.
    Reply call(const std::string& who, const std::string& method, const std::string& target) const;
    Reply call(const std::string& who, const std::string& method, const std::string& target,
               const boost::json::value& body, const std::string& if_match = {}) const;
    Reply upload(const std::string& target, const std::string& csv) const;
    // As the device itself, over TLS, with the secret that its provider's enrolment key yields.
    Reply report(const std::string& device, const boost::json::value& body) const;

    const std::map<std::string, std::string>& tokens() const { return tokens_; }  // by party
    void learn_token(const std::string& who, std::string token) { tokens_[who] = std::move(token); }
    void learn_enrolment_key(std::string key) { enrolment_key_ = std::move(key); }

    // Runs `work` for 0 … count-1 on several threads, with progress on a terminal. Answers how many
    // returned true.
    std::size_t each(const std::string& what, std::size_t count,
                     const std::function<bool(std::size_t)>& work);

    // Looks again until it is so, every 100 ms, or until too long has passed: the story ends where
    // the platform does not do what it promises, whatever the machine's speed.
    bool until(const std::string& what, Duration patience, const std::function<bool()>& so);

    // All pages of a list.
    boost::json::array list(const std::string& who, const std::string& target) const;

private:
    Address address_;
    std::ostream& out_;
    std::map<std::string, std::string> tokens_;
    std::string enrolment_key_;
    bool terminal_;
};

}  // namespace msp::demo
