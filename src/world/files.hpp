// The few things we do with files outside the database: configuration, keys, certificates,
// simulators' journals.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace msp {

Result<std::string, Failure> read_file(const std::string& path,
                                       std::size_t limit_bytes = 64 * 1024 * 1024);

// All or nothing: a new file beside it, fsync, rename, fsync of the folder. `mode` as for open(2).
Result<Done, Failure> write_file(const std::string& path, std::string_view content,
                                 unsigned mode = 0644);

// What is beyond so many bytes is cut off.
Result<Done, Failure> shorten_file(const std::string& path, std::uint64_t bytes);

// A file that grows. What was appended outlives the process; a power cut, not for certain.
class GrowingFile {
public:
    static Result<std::unique_ptr<GrowingFile>, Failure> open(const std::string& path);
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    Result<Done, Failure> append(std::string_view bytes);

private:
    GrowingFile(std::string path, int file) : path_(std::move(path)), file_(file) {}

    std::string path_;
    int file_;
};

Result<Done, Failure> make_folder(const std::string& path,
                                  unsigned mode = 0755);  // with its parents
bool file_exists(const std::string& path);
std::uint64_t free_bytes(const std::string& path);

// A folder of its own under the system's temporary one, removed with its content at the end of this
// object's life.
class TemporaryFolder {
public:
    explicit TemporaryFolder(std::string_view name);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace msp
