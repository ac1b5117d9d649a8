#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/file.h"

#include "core/base/hash.h"
#include "core/base/scratch_file.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <array>
#include <filesystem>

#include <unistd.h>

using namespace bs;
using bs::test::TempFolder;

namespace {

void checkError(const Error& error, ErrorCode code, const std::string& part)
{
    INFO(error.message);
    CHECK(error.code == code);
    CHECK(error.message.find(part) != std::string::npos);
}

std::string textAt(const File& file, std::uint64_t offset, std::size_t bytes)
{
    std::string text(bytes, '\0');
    REQUIRE(file.readAt(offset, std::as_writable_bytes(std::span(text.data(), text.size()))));
    return text;
}

} // namespace

TEST_CASE("a file is read at any place")
{
    const TempFolder folder;
    auto file = File::open(folder.write("a", "0123456789"));
    REQUIRE(file);
    CHECK(file.value().size() == 10);
    CHECK(textAt(file.value(), 3, 4) == "3456");
    CHECK(textAt(file.value(), 10, 0).empty());
    const File moved = std::move(file).value();
    CHECK(textAt(moved, 9, 1) == "9");
    std::array<std::byte, 4> tooFar{};
    const auto result = moved.readAt(8, tooFar);
    REQUIRE_FALSE(result);
    checkError(result.error(), ErrorCode::Io, "ends at byte 10");
}

TEST_CASE("a file that became shorter is an error, not a crash")
{
    const TempFolder folder;
    const auto file = File::open(folder.write("a", std::string(10000, 'x')));
    REQUIRE(file);
    std::filesystem::resize_file(folder.file("a"), 100);
    std::array<std::byte, 200> bytes{};
    const auto result = file.value().readAt(0, bytes);
    REQUIRE_FALSE(result);
    checkError(result.error(), ErrorCode::Io, "has been cut since");
}

TEST_CASE("what cannot be opened says why")
{
    const TempFolder folder;
    checkError(File::open(folder.file("none")).error(), ErrorCode::NotFound, "No such file");
    checkError(File::open(folder.path()).error(), ErrorCode::NotFound, "not a regular file");
    checkError(readTextFile(folder.write("big", "12345"), 4).error(), ErrorCode::Format, "is 5 bytes, at most 4");
    CHECK(readTextFile(folder.file("big"), 5).value() == "12345");
}

TEST_CASE("an atomic file appears only when it is complete")
{
    const TempFolder folder;
    {
        auto out = AtomicFile::create(folder.file("a"), false);
        REQUIRE(out);
        REQUIRE(out.value().write("hello "));
        REQUIRE(out.value().write("world"));
        CHECK(out.value().written() == 11);
        CHECK_FALSE(std::filesystem::exists(folder.file("a")));
        const std::string_view capital = "H";
        REQUIRE(out.value().rewrite(0, std::as_bytes(std::span(capital.data(), 1))));
        REQUIRE(out.value().commit());
    }
    CHECK(folder.read("a") == "Hello world");
    CHECK(folder.names().size() == 1);
}

TEST_CASE("an atomic file that is given up leaves nothing")
{
    const TempFolder folder;
    {
        auto out = AtomicFile::create(folder.file("a"), false);
        REQUIRE(out);
        REQUIRE(out.value().write("x"));
        const AtomicFile moved = std::move(out).value();
        CHECK(folder.names().size() == 1);
    }
    CHECK(folder.names().empty());
}

TEST_CASE("an existing file is only replaced when that was asked for")
{
    const TempFolder folder;
    folder.write("a", "old");
    checkError(AtomicFile::create(folder.file("a"), false).error(), ErrorCode::Exists, folder.file("a"));
    {
        auto out = AtomicFile::create(folder.file("b"), false);
        REQUIRE(out);
        folder.write("b", "somebody was faster");
        checkError(out.value().commit().error(), ErrorCode::Exists, "appeared");
    }
    CHECK(folder.read("b") == "somebody was faster");
    auto out = AtomicFile::create(folder.file("a"), true);
    REQUIRE(out);
    CHECK(folder.read("a") == "old");
    REQUIRE(out.value().write("new"));
    REQUIRE(out.value().commit());
    CHECK(folder.read("a") == "new");
    CHECK(folder.names().size() == 2);
}

TEST_CASE("places that cannot be written are told at once")
{
    const TempFolder folder;
    checkError(AtomicFile::create(folder.file("no/such/a"), false).error(), ErrorCode::Io, "cannot be written");
    std::filesystem::create_directory(folder.file("dir"));
    checkError(AtomicFile::create(folder.file("dir"), true).error(), ErrorCode::Io, "is a folder");
    // The system's own read-only folder: permissions would not stop a test that runs as root.
    checkError(AtomicFile::create("/proc/a", false).error(), ErrorCode::Io, "/proc/a");
}

TEST_CASE("a full disk is an error that names the file")
{
    REQUIRE(std::filesystem::exists("/dev/full"));
    const TempFolder folder;
    // The temporary file's name is known: let it lead to the device that is always full.
    const std::string temporary = folder.file("a") + ".partial-" + std::to_string(::getpid());
    std::filesystem::create_symlink("/dev/full", temporary);
    auto out = AtomicFile::create(folder.file("a"), false);
    REQUIRE(out);
    checkError(out.value().write(std::string(100, 'x')).error(), ErrorCode::Io, "No space left");
}

TEST_CASE("hashes")
{
    // XXH3-64 of nothing and of "abc", as published with the algorithm.
    CHECK(hexOf(xxh3({})) == "2d06800538d394c2");
    const std::string_view abc = "abc";
    CHECK(hexOf(xxh3(std::as_bytes(std::span(abc.data(), abc.size())))) == "78af5f94892f3950");
    CHECK(hexOf(0xAB) == "00000000000000ab");
    const TempFolder folder;
    const std::string big(3'000'001, 'q');
    const auto bytes = std::as_bytes(std::span(big.data(), big.size()));
    CHECK(hashFile(folder.write("big", big)).value() == hexOf(xxh3(bytes)));
    Xxh3 pieces;
    pieces.update(bytes.first(1));
    pieces.update({});
    pieces.update(bytes.subspan(1));
    CHECK(pieces.digest() == xxh3(bytes));
    CHECK(hashFile(folder.file("none")).error().code == ErrorCode::NotFound);
}

TEST_CASE("a scratch file keeps what is appended, has no name and is refused where there is no folder")
{
    const TempFolder folder;
    auto made = ScratchFile::create(folder.path());
    REQUIRE(made);
    ScratchFile file = std::move(made).value();
    CHECK(std::filesystem::is_empty(folder.path()));
    const auto bytesOf = [](std::string_view text) { return std::as_bytes(std::span(text)); };
    CHECK(file.append(bytesOf("abc")).value() == 0);
    CHECK(file.append(bytesOf("defg")).value() == 3);
    std::string text(4, '\0');
    REQUIRE(file.readAt(2, std::as_writable_bytes(std::span(text.data(), text.size()))));
    CHECK(text == "cdef");
    checkError(file.readAt(5, std::as_writable_bytes(std::span(text.data(), text.size()))).error(), ErrorCode::Io,
               "7 bytes");
    checkError(ScratchFile::create(folder.file("none")).error(), ErrorCode::Io, "none");
}
