#include "world/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

using namespace msp;

static unsigned mode_of(const std::string& path) {
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 07777;
}

static std::size_t entries_in(const std::string& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
    return count;
}

TEST_CASE("what is written is read back, whatever bytes it holds") {
    const TemporaryFolder folder("files");
    const std::string path = folder.path() + "/key";
    const std::string content("a\0\r\n\xff", 5);
    REQUIRE(write_file(path, content));
    CHECK(*read_file(path) == content);
    REQUIRE(write_file(path, ""));
    CHECK(read_file(path)->empty());
}

TEST_CASE("a file has the mode it was asked for, and nothing is left beside it") {
    const TemporaryFolder folder("files");
    const std::string path = folder.path() + "/key";
    const auto usual = ::umask(0077);
    REQUIRE(write_file(path, "one", 0644));
    CHECK(mode_of(path) == 0644);
    REQUIRE(write_file(path, "two", 0600));
    ::umask(usual);
    CHECK(mode_of(path) == 0600);
    CHECK(*read_file(path) == "two");
    CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a write that fails leaves the old content and nothing else") {
    const TemporaryFolder folder("files");
    const std::string path = folder.path() + "/taken";
    REQUIRE(make_folder(path + "/inside"));
    const auto written = write_file(path, "cannot replace a folder");
    REQUIRE_FALSE(written);
    CHECK(written.reason().kind == Failure::Kind::broken);
    CHECK(file_exists(path + "/inside"));
    CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a full disk is told as such") {
    if (!file_exists("/dev/full")) return;
    const TemporaryFolder folder("files");
    const std::string path = folder.path() + "/full";
    std::filesystem::create_symlink("/dev/full", path + ".new");
    const auto written = write_file(path, "no room for this");
    REQUIRE_FALSE(written);
    CHECK(written.reason().kind == Failure::Kind::full);
    CHECK_FALSE(file_exists(path));
}

TEST_CASE("a file that is missing or too long is a failure that names it") {
    const TemporaryFolder folder("files");
    const std::string path = folder.path() + "/config";
    const auto missing = read_file(path);
    REQUIRE_FALSE(missing);
    CHECK(missing.reason().what.find(path) != std::string::npos);

    REQUIRE(write_file(path, "0123456789"));
    CHECK(read_file(path, 10));
    CHECK_FALSE(read_file(path, 9));
    CHECK_FALSE(read_file(folder.path()));
}

TEST_CASE("a file that is shortened keeps its beginning; one that is missing is not made") {
    const TemporaryFolder folder("files");
    const std::string path = folder.path() + "/journal";
    REQUIRE(write_file(path, "0123456789"));
    REQUIRE(shorten_file(path, 4));
    CHECK(*read_file(path) == "0123");
    const auto missing = shorten_file(folder.path() + "/missing", 0);
    REQUIRE_FALSE(missing);
    CHECK(missing.reason().what.find("/missing") != std::string::npos);
    CHECK_FALSE(file_exists(folder.path() + "/missing"));
}

TEST_CASE("folders are made with their parents, and making them again changes nothing") {
    const TemporaryFolder folder("files");
    const std::string path = folder.path() + "/a/b/c";
    REQUIRE(make_folder(path, 0700));
    CHECK(mode_of(path) == 0700);
    CHECK(make_folder(path, 0755));
    CHECK(mode_of(path) == 0700);
    REQUIRE(write_file(folder.path() + "/file", ""));
    CHECK_FALSE(make_folder(folder.path() + "/file/below"));
    CHECK_FALSE(make_folder(folder.path() + "/file"));
}

TEST_CASE("a temporary folder goes with its owner, content and all") {
    std::string path;
    {
        const TemporaryFolder folder("files");
        path = folder.path();
        REQUIRE(make_folder(path + "/below"));
        REQUIRE(write_file(path + "/below/file", "content"));
        CHECK(file_exists(path));
        CHECK(mode_of(path) == 0700);
    }
    CHECK_FALSE(file_exists(path));
}

TEST_CASE("there is room where we work, and none where nothing is") {
    const TemporaryFolder folder("files");
    CHECK(free_bytes(folder.path()) > 0);
    CHECK(free_bytes(folder.path() + "/missing") == 0);
}
