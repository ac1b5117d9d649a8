#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/store/folded_text.h"
#include "core/store/message_tree.h"
#include "core/store/store.h"
#include "tests/support/got.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace bs;
using bs::test::check;
using bs::test::got;
using bs::test::TempFolder;
using Ids = std::vector<std::int64_t>;

namespace {

Store opened(const std::string& path)
{
    return got(Store::open(path));
}

std::int64_t begin(Store& store, const std::string& title)
{
    ConversationRecord record;
    record.title = title;
    record.modelPath = "/m";
    record.modelHash = "hash";
    return got(store.createConversation(record));
}

std::int64_t say(Store& store, std::int64_t talk, std::optional<std::int64_t> parent,
                 const std::string& role, const std::string& content, bool partial = false)
{
    MessageRecord message;
    message.conversation = talk;
    message.parent = parent;
    message.role = role;
    message.content = content;
    message.partial = partial;
    return got(store.addMessage(message));
}

AnswerRecord someAnswer()
{
    AnswerRecord answer;
    answer.modelPath = "/m";
    answer.fileBytes = 74'500'000;
    answer.weightBytes = 72'500'000;
    answer.tokens = 40;
    answer.tokensPerSecond = 12.5;
    answer.contextUsed = 60;
    answer.context = 2048;
    answer.stopReason = "eos";
    answer.mixed = true;
    answer.droppedMessages = 2;
    answer.notice = "a notice";
    answer.maxTokens = 512;
    answer.temperature = 0.7;
    answer.topK = 40;
    answer.topP = 0.95;
    answer.minP = 0.05;
    answer.repeatPenalty = 1.1;
    answer.seed = 7;
    answer.sizes = {{0, 149'000'000}, {12, 74'500'000}};
    return answer;
}

/// The tree as indented lines, what is shown marked by a star.
std::string picture(Store& store, std::int64_t talk)
{
    const auto all = got(store.messages(talk));
    const MessageTree tree(all);
    const Ids shown = tree.path(got(store.conversation(talk)).leaf);
    std::string text;
    const auto draw = [&](const auto& self, std::optional<std::int64_t> of, int depth) -> void {
        for (const std::int64_t id : tree.followers(of)) {
            const auto message = std::ranges::find(all, id, &MessageRecord::id);
            const bool star = std::ranges::find(shown, id) != shown.end();
            text += std::string(static_cast<std::size_t>(depth), ' ') + (star ? "*" : "") +
                    message->role + ": " + message->content + "\n";
            self(self, id, depth + 1);
        }
    };
    draw(draw, std::nullopt, 0);
    return text;
}

std::vector<std::string> titles(const std::vector<ConversationRecord>& records)
{
    std::vector<std::string> all;
    for (const ConversationRecord& record : records)
        all.push_back(record.title);
    return all;
}

using Titles = std::vector<std::string>;

} // namespace

TEST_CASE("a tree of messages: versions, paths and the newest way on")
{
    MessageTree tree;
    CHECK(tree.path(std::nullopt).empty());
    CHECK(tree.path(5).empty());
    tree.add(1, std::nullopt);
    tree.add(2, 1);
    tree.add(-3, 1); // made again
    tree.add(4, 2);
    tree.add(9, 77); // its parent is missing
    CHECK(tree.versions(2) == Ids{2, -3});
    CHECK(tree.versions(1) == Ids{1, 9});
    CHECK(tree.path(4) == Ids{1, 2, 4});
    CHECK(tree.newestLeaf(1) == -3);
    CHECK(tree.newestLeaf(2) == 4);
    CHECK(tree.followers(4).empty());
    CHECK(tree.parent(4) == 2);
    tree.remove(2);
    CHECK_FALSE(tree.contains(4));
    CHECK(tree.newestLeaf(1) == -3);
    CHECK(tree.versions(-3) == Ids{-3});
    tree.remove(2);
}

TEST_CASE("messages, versions and branches come back as they were stored")
{
    const TempFolder folder;
    std::int64_t talk = 0;
    std::int64_t first = 0;
    std::int64_t second = 0;
    {
        Store store = opened(folder.file("t.sqlite"));
        talk = begin(store, "Talk");
        const auto one = say(store, talk, std::nullopt, "user", "one");
        first = say(store, talk, one, "assistant", "", true);
        check(store.setMessageContent(first, "tw"));
        CHECK(got(store.messages(talk)).back().partial);
        check(store.finishMessage(first, "two", someAnswer()));
        second = say(store, talk, one, "assistant", "TWO");
        say(store, talk, second, "user", "three");
    }
    Store store = opened(folder.file("t.sqlite"));
    CHECK(picture(store, talk) ==
          "*user: one\n assistant: two\n *assistant: TWO\n  *user: three\n");
    check(store.setLeaf(talk, first));
    CHECK(picture(store, talk) == "*user: one\n *assistant: two\n assistant: TWO\n  user: three\n");
    const auto all = got(store.messages(talk));
    REQUIRE(all.at(1).answer);
    CHECK_FALSE(all.at(1).partial);
    const AnswerRecord& kept = *all.at(1).answer;
    CHECK(kept.tokensPerSecond == 12.5);
    CHECK(kept.seed == 7);
    CHECK(kept.droppedMessages == 2);
    CHECK(kept.repeatPenalty == 1.1);
    REQUIRE(kept.sizes.size() == 2);
    CHECK(kept.sizes[1].token == 12);
    CHECK(kept.sizes[1].fileBytes == 74'500'000);
    CHECK_FALSE(all.at(2).answer);

    // What is shown ends below the removed message: its parent is the end then.
    check(store.setLeaf(talk, all.back().id));
    check(store.removeMessage(second));
    CHECK(picture(store, talk) == "*user: one\n assistant: two\n");
}

TEST_CASE("messages of other conversations and unknown ids are refused by name")
{
    const TempFolder folder;
    Store store = opened(folder.file("t.sqlite"));
    const auto a = begin(store, "A");
    const auto b = begin(store, "B");
    const auto one = say(store, a, std::nullopt, "user", "one");
    MessageRecord wrong;
    wrong.conversation = b;
    wrong.parent = one;
    const auto refused = store.addMessage(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK(refused.error().message.find("message 1 is not of conversation 2") != std::string::npos);
    CHECK_FALSE(store.setLeaf(b, one));
    wrong.conversation = 9;
    CHECK(store.addMessage(wrong).error().message.find("no conversation 9") != std::string::npos);
    CHECK(store.setMessageContent(9, "").error().message.find("no message 9") != std::string::npos);
    CHECK_FALSE(store.finishMessage(9, "", {}));
    CHECK_FALSE(store.removeMessage(9));
    CHECK_FALSE(store.conversation(9));
    CHECK_FALSE(store.renameConversation(9, ""));
    CHECK_FALSE(store.removeConversation(9));
    CHECK_FALSE(store.exportConversation(9, ConversationFormat::JsonObject));
}

TEST_CASE("removed conversations come back until they are purged")
{
    const TempFolder folder;
    Store store = opened(folder.file("t.sqlite"));
    const auto talk = begin(store, "Talk");
    say(store, talk, std::nullopt, "user", "one");
    check(store.setConversationPrompt(talk, "Be brief.", "{{ x }}"));
    CHECK(got(store.conversation(talk)).chatTemplate == "{{ x }}");
    check(store.removeConversation(talk));
    CHECK(got(store.listConversations()).empty());
    CHECK(got(store.purgeConversations("2020-01-01")) == 0);
    check(store.restoreConversation(talk));
    CHECK(titles(got(store.listConversations())) == Titles{"Talk"});
    CHECK(picture(store, talk) == "*user: one\n");
    check(store.removeConversation(talk));
    CHECK(got(store.purgeConversations("9999")) == 1);
    CHECK_FALSE(store.restoreConversation(talk));
    CHECK(got(store.messages(talk)).empty());
}

TEST_CASE("search finds titles and messages of any version, whatever their case")
{
    const TempFolder folder;
    Store store = opened(folder.file("t.sqlite"));
    const auto a = begin(store, "Über 100% of_it");
    const auto b = begin(store, "Birds");
    const auto one = say(store, b, std::nullopt, "user", "Tell me of BIRDS");
    say(store, b, one, "assistant", "Der große ÄSER\nfliegt.");
    say(store, b, one, "assistant", "Made again");
    say(store, a, std::nullopt, "user", "nothing");
    const auto search = [&](const std::string& text) {
        return titles(got(store.listConversations(text)));
    };
    CHECK(search("") == Titles{"Über 100% of_it", "Birds"});
    CHECK(search("über") == Titles{"Über 100% of_it"});
    CHECK(search("birds") == Titles{"Birds"});
    CHECK(search("äser") == Titles{"Birds"});
    CHECK(search("GROSSE") == Titles{"Birds"}); // ß folds to ss
    // No wildcards, and no syntax.
    CHECK(search("100%") == Titles{"Über 100% of_it"});
    CHECK(search("1%0") == Titles{});
    CHECK(search("of_") == Titles{"Über 100% of_it"});
    CHECK(search("o_f") == Titles{});
    CHECK(search("\" OR 1=1 --") == Titles{});
    CHECK(got(store.listConversations("fliegt"))[0].found == "Der große ÄSER fliegt.");
    check(store.removeConversation(b));
    CHECK(search("birds") == Titles{});
}

TEST_CASE("an excerpt shows whole characters around the hit")
{
    CHECK(excerptAround("nothing here", "xyz") == "");
    CHECK(excerptAround("ÄÖÜ search ÄÖÜ", "SEARCH", 2) == "…Ü search Ä…");
    CHECK(excerptAround("a search", "search") == "a search");
    CHECK(excerptAround("große Straße", "STRASSE", 1) == "… Straße");
    CHECK(holdsFolded("STRASSE", "strasse"));
    CHECK(holdsFolded("Stra\xC3\x9F"
                      "e",
                      "strasse"));
    CHECK(holdsFolded("\xC3\x84pfel", foldedText("\xC3\xA4PFEL")));
    CHECK(holdsFolded("anything", ""));
    CHECK_FALSE(holdsFolded("", "a"));
    CHECK_FALSE(holdsFolded("aab", "aac"));
    CHECK(foldedText("a\xff"
                     "B") == "a\xff"
                             "b");
}

TEST_CASE("export: what is shown as Markdown, everything as JSON")
{
    const TempFolder folder;
    Store store = opened(folder.file("t.sqlite"));
    const auto talk = begin(store, "Two\nlines");
    check(store.setConversationPrompt(talk, "Be brief.", std::nullopt));
    const auto one = say(store, talk, std::nullopt, "user", "one");
    const auto old = say(store, talk, one, "assistant", "not shown");
    const auto two = say(store, talk, one, "assistant", "", true);
    check(store.finishMessage(two, "```c\nint x;\n```", someAnswer()));
    const std::string created = got(store.conversation(talk)).created;
    CHECK(got(store.exportConversation(talk, ConversationFormat::Markdown)) ==
          "# Two lines\n\n/m, " + created +
              "\n\n## System\n\nBe brief.\n\n## You\n\none\n\n## Model\n\n```c\nint x;\n```\n\n"
              "*149.0 MB from token 0, 74.5 MB from token 12; 40 tokens, 12.5 tokens/s, seed 7*\n");

    const auto json =
        nlohmann::json::parse(got(store.exportConversation(talk, ConversationFormat::JsonObject)));
    CHECK(json["title"] == "Two\nlines");
    CHECK(json["chat_template"].is_null());
    CHECK(json["leaf"] == two);
    REQUIRE(json["messages"].size() == 3);
    CHECK(json["messages"][0]["parent"].is_null());
    CHECK(json["messages"][1]["id"] == old);
    CHECK(json["messages"][1]["answer"].is_null());
    CHECK(json["messages"][2]["answer"]["seed"] == 7);
    CHECK(json["messages"][2]["answer"]["temperature"] == 0.7);
    CHECK(json["messages"][2]["answer"]["sizes"][1] ==
          nlohmann::json{{"token", 12}, {"file_bytes", 74'500'000}});
}

TEST_CASE("a database of version 1 keeps its conversations, and a copy of itself")
{
    const TempFolder folder;
    const std::string path = folder.file("t.sqlite");
    std::filesystem::copy_file(BS_TEST_DATA_DIR "/workbench-1.sqlite", path);
    Store store = opened(path);
    CHECK(std::filesystem::exists(path + ".v1.bak"));
    const auto talks = got(store.listConversations());
    CHECK(titles(talks) == Titles{"Empty", "Edited", "Why do things fall?"});
    CHECK(picture(store, talks[0].id).empty());
    // What stood before the edit is a beginning of its own.
    CHECK(picture(store, talks[1].id) ==
          "user: one\n*user: ONE\n *assistant: two\n  *user: three\n");
    CHECK(picture(store, talks[2].id) ==
          "*user: Why do things fall?\n *assistant: Gravity.\n  *user: Since when?\n"
          "   assistant: Since 1687.\n   *assistant: Since ever, says Über-Newton.\n");
    const auto messages = got(store.messages(talks[2].id));
    REQUIRE(messages.back().answer);
    const AnswerRecord& answer = *messages.back().answer;
    CHECK(answer.fileBytes == 74'500'000);
    CHECK(answer.tokens == 512);
    CHECK(answer.tokensPerSecond == 60);
    CHECK(answer.stopReason == "length");
    CHECK(answer.mixed);
    CHECK(answer.notice == "plain ChatML stands in");
    CHECK_FALSE(answer.seed);
    const auto edited = got(store.messages(talks[1].id));
    const auto failed = std::ranges::find(edited, "two", &MessageRecord::content);
    REQUIRE(failed->answer);
    CHECK(failed->answer->error == "the worker was killed");
    // It goes on from there.
    say(store, talks[2].id, messages.back().id, "user", "And?");
    CHECK(picture(store, talks[2].id).ends_with("    *user: And?\n"));
    CHECK(got(store.curve({})).empty());
}

TEST_CASE("speeds: answers at one size and benchmarks, of the model that is asked for")
{
    TempFolder folder;
    Store store = opened(folder.file("speeds.sqlite"));
    const std::int64_t talk = begin(store, "talk");
    const auto answer = [&](double speed, std::uint64_t tokens, std::vector<SizeChange> sizes) {
        const std::int64_t id = say(store, talk, std::nullopt, "assistant", "", true);
        AnswerRecord record = someAnswer();
        record.tokensPerSecond = speed;
        record.tokens = tokens;
        record.sizes = std::move(sizes);
        record.fileBytes = record.sizes.back().fileBytes;
        check(store.finishMessage(id, "text", record));
    };
    answer(30, 40, {{0, 60'000'000}});
    answer(12.5, 40, {{0, 149'000'000}, {12, 74'500'000}}); // at two sizes
    answer(99, 3, {{0, 60'000'000}});                       // too short to tell
    const std::int64_t model = got(store.addModel({"hash", "/m", "llama", 1}));
    const std::int64_t file =
        got(store.addArtifact({"file", model, "nested", "{}", "/m.bitstack", 1}));
    RunRecord bench;
    bench.kind = "bench";
    MeasurementRecord measured;
    measured.run = got(store.startRun(bench));
    measured.artifact = file;
    measured.fileBytes = 40'000'000;
    measured.metric = "generate_tokens_per_second";
    measured.value = 50;
    measured.n = 3;
    got(store.addMeasurement(measured));
    measured.metric = "prompt_tokens_per_second";
    got(store.addMeasurement(measured));

    const std::vector<SpeedRecord> speeds = got(store.speeds("hash"));
    REQUIRE(speeds.size() == 2);
    CHECK_FALSE(speeds[0].answer);
    CHECK(speeds[0].path == "/m.bitstack");
    CHECK(speeds[0].fileBytes == 40'000'000);
    CHECK(speeds[0].tokensPerSecond == 50);
    CHECK(speeds[0].n == 3);
    CHECK(speeds[1].answer);
    CHECK(speeds[1].fileBytes == 60'000'000);
    CHECK(speeds[1].tokensPerSecond == 30);
    CHECK(got(store.speeds("")).size() == 2);
    CHECK(got(store.speeds("another")).empty());
    check(store.removeConversation(talk));
    CHECK(got(store.speeds("hash")).size() == 1);
    check(store.removeRuns({measured.run}));
    CHECK(got(store.speeds("hash")).empty());
}
