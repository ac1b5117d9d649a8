#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/store/store.h"
#include "tests/support/got.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

using namespace bs;
using bs::test::check;
using bs::test::got;
namespace fs = std::filesystem;

namespace {

/// A fresh folder that goes away with the test.
struct Folder
{
    fs::path path;
    Folder()
    {
        std::string name = (fs::temp_directory_path() / "tst_storeXXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path); }
    std::string file(const char* name = "test.sqlite") const { return (path / name).string(); }
};

Store opened(const std::string& path)
{
    Result<Store> store = Store::open(path);
    REQUIRE_MESSAGE(store, (store ? "" : store.error().message));
    return std::move(store).value();
}

std::string bytesOf(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// A model, its stack and a run of it.
struct Measured
{
    std::int64_t model, stack, dense, run;
};

Measured fill(Store& store)
{
    Measured m{};
    m.model = got(store.addModel({"m1", "/models/demo.gguf", "llama", 134515008}));
    m.stack = got(store.addArtifact({"a1", m.model, "bitstack", "{}", "/models/d.bitstack", 200}));
    m.dense = got(store.addArtifact({"m1", m.model, "dense", "{}", "/models/demo.gguf", 900}));
    RunRecord run;
    run.kind = "perplexity";
    run.model = m.model;
    run.artifact = m.stack;
    run.modelPath = "/models/d.bitstack";
    run.settings = "{}";
    run.version = "0.1.0";
    run.machine = "here";
    run.device = "cpu";
    m.run = got(store.startRun(run));
    return m;
}

MeasurementRecord perplexity(const Measured& m, std::int64_t artifact, std::uint64_t bytes,
                             double value)
{
    MeasurementRecord record;
    record.run = m.run;
    record.artifact = artifact;
    record.budgetBytes = bytes + 5;
    record.fileBytes = bytes;
    record.weightBytes = bytes - 5;
    record.metric = "perplexity";
    record.value = value;
    record.error = 0.5;
    record.n = 1023;
    record.dataHash = "text1";
    record.context = 2048;
    record.scored = "half";
    return record;
}

std::int64_t newConversation(Store& store, const std::string& title)
{
    ConversationRecord record;
    record.title = title;
    record.modelPath = "/m";
    return got(store.createConversation(record));
}

MessageRecord userMessage(std::int64_t conversation, const std::string& content)
{
    MessageRecord message;
    message.conversation = conversation;
    message.role = "user";
    message.content = content;
    return message;
}

} // namespace

TEST_CASE("a run and its measurements come back as they were stored")
{
    const Folder folder;
    Store store = opened(folder.file());
    const Measured m = fill(store);
    CHECK(got(store.showRun(m.run)).state == RunState::Running);
    got(store.addMeasurement(perplexity(m, m.stack, 150, 22.5)));
    check(store.finishRun(m.run, RunState::Done));

    const std::vector<RunRecord> runs = got(store.listRuns());
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].kind == "perplexity");
    CHECK(runs[0].modelPath == "/models/d.bitstack");
    CHECK(runs[0].state == RunState::Done);
    CHECK(runs[0].finished >= runs[0].started);
    CHECK(runs[0].started.size() == 24);

    const std::vector<MeasurementRecord> found = got(store.measurements(m.run));
    REQUIRE(found.size() == 1);
    CHECK(found[0].budgetBytes == 155);
    CHECK_FALSE(found[0].depth);
    CHECK(found[0].value == 22.5);
    CHECK(found[0].error == 0.5);
    CHECK(found[0].n == 1023);
}

TEST_CASE("models and artifacts are one per hash")
{
    const Folder folder;
    Store store = opened(folder.file());
    const std::int64_t first = got(store.addModel({"h", "/old", "llama", 5}));
    CHECK(got(store.addModel({"h", "/new", "llama", 5})) == first);
    CHECK(got(store.addModel({"other", "/new", "llama", 5})) != first);
    const std::int64_t artifact = got(store.addArtifact({"a", first, "bitstack", "{}", "/x", 1}));
    CHECK(got(store.addArtifact({"a", first, "bitstack", "{}", "/y", 2})) == artifact);
    const Result<std::int64_t> orphan = store.addArtifact({"b", 99, "bitstack", "{}", "/x", 1});
    REQUIRE_FALSE(orphan);
    CHECK(orphan.error().code == ErrorCode::Usage);
    CHECK(orphan.error().message.find("no model 99") != std::string::npos);
}

TEST_CASE("a curve is ordered by size, holds the dense model and the newest of repeated points")
{
    const Folder folder;
    Store store = opened(folder.file());
    const Measured m = fill(store);
    got(store.addMeasurement(perplexity(m, m.dense, 900, 20.0)));
    got(store.addMeasurement(perplexity(m, m.stack, 200, 21.0)));
    got(store.addMeasurement(perplexity(m, m.stack, 100, 40.0)));
    got(store.addMeasurement(perplexity(m, m.stack, 100, 39.0)));
    MeasurementRecord other = perplexity(m, m.stack, 100, 3.0);
    other.dataHash = "text2";
    got(store.addMeasurement(other));

    CurveQuery query;
    query.modelHash = "m1";
    query.dataHash = "text1";
    const std::vector<CurvePoint> points = got(store.curve(query));
    REQUIRE(points.size() == 3);
    CHECK(points[0].value == 39.0);
    CHECK(points[0].fileBytes == 100);
    CHECK(points[0].method == "bitstack");
    CHECK(points[0].scored == "half");
    CHECK(points[0].context == 2048);
    CHECK(points[1].value == 21.0);
    CHECK(points[2].dense());
    CHECK(points[2].artifactPath == "/models/demo.gguf");
    CHECK(got(store.curve({})).size() == 4);
    CHECK(got(store.curve({"kld_mean", "", "", ""})).empty());
}

TEST_CASE("exports name every column and quote what must be quoted")
{
    const Folder folder;
    Store store = opened(folder.file());
    const Measured m = fill(store);
    MeasurementRecord record = perplexity(m, m.stack, 100, 0.1);
    record.metric = "odd, \"name\"";
    got(store.addMeasurement(record));
    const std::string csv = got(store.exportRuns(ExportFormat::Csv));
    CHECK(csv.rfind("run,kind,started,state,", 0) == 0);
    CHECK(csv.find("\"odd, \"\"name\"\"\",0.10000000000000001,0.5,1023,text1,2048\r\n") !=
          std::string::npos);
    const std::string json = got(store.exportRuns(ExportFormat::JsonArray));
    CHECK(json.find("\"metric\": \"odd, \\\"name\\\"\"") != std::string::npos);
    CHECK(json.find("\"depth\": null") != std::string::npos);
}

TEST_CASE("a number that is none is not stored")
{
    const Folder folder;
    Store store = opened(folder.file());
    const Measured m = fill(store);
    const auto refused =
        store.addMeasurement(perplexity(m, m.stack, 100, std::numeric_limits<double>::quiet_NaN()));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Numeric);
    CHECK(refused.error().message.find("perplexity") != std::string::npos);
    CHECK(got(store.measurements(m.run)).empty());
}

TEST_CASE("unknown ids are named")
{
    const Folder folder;
    Store store = opened(folder.file());
    CHECK(store.showRun(7).error().message.find("no run 7") != std::string::npos);
    CHECK(store.finishRun(7, RunState::Done).error().code == ErrorCode::Usage);
}

TEST_CASE("text is data, never part of a statement")
{
    const Folder folder;
    Store store = opened(folder.file());
    const std::string evil = "'); DROP TABLE messages; -- \" \\ ; \xF0\x9F\x98\x80";
    const std::int64_t talk = newConversation(store, evil);
    got(store.addMessage(userMessage(talk, evil)));
    const std::string zero("a\0b", 3);
    got(store.addMessage(userMessage(talk, zero)));
    CHECK(got(store.listConversations())[0].title == evil);
    CHECK(got(store.listConversations(evil)).size() == 1);
    const auto messages = got(store.messages(talk));
    REQUIRE(messages.size() == 2);
    CHECK(messages[0].content == evil);
    CHECK(messages[1].content == zero);
    got(store.addModel({evil, evil, evil, 1}));
    CHECK(got(store.curve({evil, evil, evil, evil})).empty());
}

TEST_CASE("every message is on disk before the next is written, even if the program is killed")
{
    const Folder folder;
    const pid_t child = ::fork();
    if (child == 0) {
        Result<Store> store = Store::open(folder.file());
        if (store) {
            const std::int64_t talk = newConversation(store.value(), "Talk");
            std::optional<std::int64_t> last;
            for (int i = 0; i < 5; ++i) {
                MessageRecord message = userMessage(talk, std::to_string(i));
                message.parent = last;
                message.partial = i == 4;
                const auto added = store.value().addMessage(message);
                if (!added) ::_exit(1);
                last = added.value();
            }
            if (!store.value().setMessageContent(*last, "4 and more")) ::_exit(1);
        }
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    Store store = opened(folder.file());
    const auto kept = got(store.messages(1));
    REQUIRE(kept.size() == 5);
    CHECK(kept.back().content == "4 and more");
    CHECK(kept.back().partial);
    CHECK(got(store.conversation(1)).leaf == kept.back().id);
}

TEST_CASE("two stores write to one file at once")
{
    const Folder folder;
    opened(folder.file());
    const auto writer = [&](int who) {
        Result<Store> store = Store::open(folder.file());
        if (!store) return;
        const std::int64_t talk = newConversation(store.value(), "Talk " + std::to_string(who));
        for (int i = 0; i < 20; ++i)
            if (!store.value().addMessage(userMessage(talk, std::to_string(i)))) return;
    };
    std::thread other(writer, 1);
    writer(2);
    other.join();
    Store store = opened(folder.file());
    const auto talks = got(store.listConversations());
    REQUIRE(talks.size() == 2);
    for (const ConversationRecord& talk : talks)
        CHECK(got(store.messages(talk.id)).size() == 20);
}

TEST_CASE("two programs may make the same new file at once")
{
    const Folder folder;
    std::array<bool, 4> opens{};
    std::vector<std::thread> threads;
    for (bool& ok : opens)
        threads.emplace_back([&] { ok = static_cast<bool>(Store::open(folder.file())); });
    for (std::thread& thread : threads)
        thread.join();
    for (const bool ok : opens)
        CHECK(ok);
}

TEST_CASE("files that are no database of ours are refused and left alone")
{
    const Folder folder;
    struct Row
    {
        const char* name;
        std::string content;
    };
    const std::array<Row, 2> rows{
        {{"a text", std::string(5000, 'x')}, {"a short text", "hello, I am not a database"}}};
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const std::string path = folder.file("foreign");
        std::ofstream(path, std::ios::binary) << row.content;
        const Result<Store> store = Store::open(path);
        REQUIRE_FALSE(store);
        CHECK(store.error().code == ErrorCode::Format);
        CHECK(store.error().message.find(path) != std::string::npos);
        CHECK(bytesOf(path) == row.content);
    }
}

TEST_CASE("a damaged database is told")
{
    const Folder folder;
    {
        Store store = opened(folder.file());
        const std::int64_t talk = newConversation(store, "Talk");
        for (int i = 0; i < 50; ++i)
            got(store.addMessage(userMessage(talk, std::string(2000, 'a'))));
    }
    std::string bytes = bytesOf(folder.file());
    for (std::size_t i = 4096; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 7);
    std::ofstream(folder.file(), std::ios::binary) << bytes;
    const Result<Store> store = Store::open(folder.file());
    REQUIRE_FALSE(store);
    CHECK(store.error().code == ErrorCode::Format);
    CHECK(store.error().message.find(folder.file()) != std::string::npos);
}

TEST_CASE("a database of another program is refused")
{
    const Folder folder;
    {
        Database other = got(Database::open(folder.file()));
        check(other.execute("CREATE TABLE photos (id INTEGER)"));
    }
    const std::string before = bytesOf(folder.file());
    const Result<Store> store = Store::open(folder.file());
    REQUIRE_FALSE(store);
    CHECK(store.error().code == ErrorCode::Format);
    CHECK(store.error().message.find("another program") != std::string::npos);
    CHECK(bytesOf(folder.file()) == before);
}

TEST_CASE("a newer database is refused with both numbers and never rewritten")
{
    const Folder folder;
    opened(folder.file());
    {
        Database database = got(Database::open(folder.file()));
        check(database.execute("PRAGMA user_version=7"));
    }
    const std::string before = bytesOf(folder.file());
    const Result<Store> store = Store::open(folder.file());
    REQUIRE_FALSE(store);
    CHECK(store.error().code == ErrorCode::Format);
    CHECK(store.error().message.find("version 7") != std::string::npos);
    CHECK(store.error().message.find("up to 3") != std::string::npos);
    CHECK(bytesOf(folder.file()) == before);
}

TEST_CASE("an older database is copied, then brought forward in one step")
{
    const Folder folder;
    constexpr std::string_view kFirst =
        "CREATE TABLE things (name TEXT); INSERT INTO things VALUES ('kept');";
    constexpr std::string_view kSecond =
        "ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 3;";
    constexpr std::string_view kBroken = "ALTER TABLE nothing ADD COLUMN x INTEGER;";
    const std::array<std::string_view, 1> one{kFirst};
    const std::array<std::string_view, 3> broken{kFirst, kSecond, kBroken};
    const std::array<std::string_view, 2> two{kFirst, kSecond};
    Database database = got(Database::open(folder.file()));
    check(migrate(database, one));
    CHECK_FALSE(fs::exists(folder.file() + ".v1.bak"));

    CHECK_FALSE(migrate(database, broken));
    CHECK(got(database.integer("PRAGMA user_version")) == 1);
    CHECK_FALSE(database.integer("SELECT size FROM things"));

    check(migrate(database, two));
    CHECK(got(database.integer("PRAGMA user_version")) == 2);
    CHECK(got(database.integer("SELECT size FROM things")) == 3);
    Database backup = got(Database::open(folder.file() + ".v1.bak"));
    CHECK(got(backup.integer("PRAGMA user_version")) == 1);
    CHECK(got(backup.integer("SELECT count(*) FROM things WHERE name = 'kept'")) == 1);
}

TEST_CASE("a place where nothing can be written is an error that names it")
{
    const Folder folder;
    const std::string path = (folder.path / "missing" / "x.sqlite").string();
    const Result<Store> store = Store::open(path);
    REQUIRE_FALSE(store);
    CHECK(store.error().code == ErrorCode::Io);
    CHECK(store.error().message.find(path) != std::string::npos);
}

TEST_CASE("the default path follows the user's data folder and makes it")
{
    const Folder folder;
    ::setenv("XDG_DATA_HOME", folder.path.c_str(), 1);
    CHECK(got(defaultDatabasePath()) == (folder.path / "bitstack" / "workbench.sqlite").string());
    CHECK(fs::is_directory(folder.path / "bitstack"));
    ::setenv("XDG_DATA_HOME", "relative", 1);
    ::setenv("HOME", folder.path.c_str(), 1);
    CHECK(got(defaultDatabasePath()) ==
          (folder.path / ".local/share/bitstack/workbench.sqlite").string());
}
