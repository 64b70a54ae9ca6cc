#include "world/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace msp {

namespace fs = std::filesystem;

namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    bool open() const { return number_ >= 0; }

private:
    int number_;
};

}  // namespace

static Failure failed(std::string_view deed, const std::string& path, int error) {
    const bool full = error == ENOSPC || error == EDQUOT;
    return {full ? Failure::Kind::full : Failure::Kind::broken,
            std::string("cannot ").append(deed).append(" ").append(path).append(": ").append(
                std::generic_category().message(error))};
}

Result<std::string, Failure> read_file(const std::string& path, std::size_t limit_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) return failed("open", path, errno);
    std::string content;
    char piece[64 * 1024];
    while (true) {
        const ssize_t got = ::read(file.number(), piece, sizeof piece);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("read", path, errno);
        if (got == 0) return content;
        content.append(piece, static_cast<std::size_t>(got));
        if (content.size() > limit_bytes) return failed("read", path, EFBIG);
    }
}

static bool write_all(int file, std::string_view rest) {
    while (!rest.empty()) {
        const ssize_t written = ::write(file, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

static Result<Done, Failure> write_new(const std::string& path, std::string_view content,
                                       unsigned mode) {
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    const Descriptor file(::open(path.c_str(), flags, static_cast<mode_t>(mode)));
    if (!file.open()) return failed("create", path, errno);
    // The umask does not loosen or tighten what was asked for.
    if (::fchmod(file.number(), static_cast<mode_t>(mode)) != 0)
        return failed("set mode of", path, errno);
    if (!write_all(file.number(), content)) return failed("write", path, errno);
    if (::fsync(file.number()) != 0) return failed("sync", path, errno);
    return Done{};
}

static Result<Done, Failure> sync_folder_of(const std::string& path) {
    const fs::path parent = fs::path(path).parent_path();
    const std::string folder = parent.empty() ? "." : parent.string();
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.open()) return failed("open", folder, errno);
    if (::fsync(opened.number()) != 0) return failed("sync", folder, errno);
    return Done{};
}

Result<Done, Failure> write_file(const std::string& path, std::string_view content, unsigned mode) {
    const std::string fresh = path + ".new";
    if (const auto written = write_new(fresh, content, mode); !written) {
        ::unlink(fresh.c_str());
        return written;
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(fresh.c_str());
        return failed("replace", path, error);
    }
    return sync_folder_of(path);
}

Result<Done, Failure> shorten_file(const std::string& path, std::uint64_t bytes) {
    std::error_code error;
    fs::resize_file(path, bytes, error);
    if (error) return failed("shorten", path, error.value());
    return Done{};
}

Result<std::unique_ptr<GrowingFile>, Failure> GrowingFile::open(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) return failed("open", path, errno);
    return std::unique_ptr<GrowingFile>(new GrowingFile(path, file));
}

GrowingFile::~GrowingFile() {
    ::close(file_);
}

Result<Done, Failure> GrowingFile::append(std::string_view bytes) {
    if (!write_all(file_, bytes)) return failed("write", path_, errno);
    return Done{};
}

Result<Done, Failure> make_folder(const std::string& path, unsigned mode) {
    std::error_code error;
    const bool made = fs::create_directories(path, error);
    if (!error && made) fs::permissions(path, static_cast<fs::perms>(mode), error);
    if (error) return failed("make folder", path, error.value());
    return Done{};
}

bool file_exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

std::uint64_t free_bytes(const std::string& path) {
    std::error_code error;
    const fs::space_info space = fs::space(path, error);
    return error ? 0 : space.available;
}

TemporaryFolder::TemporaryFolder(std::string_view name) {
    std::error_code ignored;
    std::string path = (fs::temp_directory_path(ignored) / name).string() + ".XXXXXX";
    const char* const made = ::mkdtemp(path.data());
    assert(made !=
           nullptr);  // a program without a temporary folder cannot do what it was started for
    path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace msp
