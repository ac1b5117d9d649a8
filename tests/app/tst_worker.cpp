#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_model.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <memory>
#include <set>

// The worker's protocol (core/jobs/PROTOCOL.md), spoken over pipes on a tiny model.

using namespace bs::test;
using nlohmann::json;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct World
{
    TempFolder folder;
    std::string model;
    std::string stack;
    std::string text;

    World()
        : model(makeTinyModel(folder.path()))
        , stack(folder.file("tiny.bitstack"))
    {
        text = folder.write("text.txt", tinyText(2000));
        const Outcome made = runProgram(BS_PROGRAM, {"compress", model, "-o", stack, "--codec",
                                                     "bitstack", "--blocks", "3", "--calibration",
                                                     text, "--calibration-tokens", "512"});
        REQUIRE_MESSAGE(made.code == 0, made.err);
    }
};

World& world()
{
    static World all;
    return all;
}

std::set<std::string> keys(const json& object)
{
    std::set<std::string> names;
    for (const auto& [key, value] : object.items())
        names.insert(key);
    return names;
}

using Keys = std::set<std::string>;

const Keys kState{"loaded",          "path",
                  "budget_bytes",    "file_bytes",
                  "device",          "device_notice",
                  "weight_bytes",    "kv_bytes",
                  "rss_bytes",       "free_memory_bytes",
                  "memory_pressure", "depth_min",
                  "depth_max",       "context",
                  "context_used",    "plan"};
const Keys kCard{"path",         "format",
                 "architecture", "parameters",
                 "bytes",        "dtype",
                 "truncated",    "tokenizer",
                 "codec",        "layers",
                 "width",        "context_length",
                 "vocabulary",   "kv_bytes_per_token",
                 "hash",         "artifact_hash",
                 "source_path",  "stack"};

/// A worker that is spoken to.
class Worker
{
public:
    Worker()
        : m_program(BS_PROGRAM, {"worker"},
                    {"XDG_CACHE_HOME=" + world().folder.path() + "/cache",
                     "BITSTACK_GPU_PLUGIN=/nowhere"})
    {
    }

    void sendLine(const std::string& line) { REQUIRE(m_program.write(line + "\n")); }

    int send(const std::string& method, const json& params = json::object())
    {
        sendLine(json{{"jsonrpc", "2.0"}, {"id", ++m_id}, {"method", method}, {"params", params}}
                     .dump());
        return m_id;
    }

    /// The next message, whatever it is.
    json next()
    {
        std::string line;
        REQUIRE(m_program.readLine(line));
        json message = json::parse(line);
        CHECK(message["jsonrpc"] == "2.0");
        return message;
    }

    /// The answer to a request; notifications before it are kept.
    json answerTo(int id)
    {
        for (const json& kept : m_answers)
            if (kept["id"] == id) return kept;
        while (true) {
            json message = next();
            if (message.contains("method")) {
                CHECK_FALSE(message.contains("id"));
                notifications.push_back(message);
            } else if (message["id"] == id) {
                return message;
            } else {
                m_answers.push_back(message);
            }
        }
    }

    json ask(const std::string& method, const json& params = json::object())
    {
        return answerTo(send(method, params));
    }

    json result(const std::string& method, const json& params = json::object())
    {
        const json answer = ask(method, params);
        REQUIRE_MESSAGE(answer.contains("result"), answer.dump());
        return answer["result"];
    }

    /// Reads until a notification of this name comes.
    json await(const std::string& method)
    {
        while (true) {
            json message = next();
            if (message.contains("method") && message["method"] == method) return message["params"];
            if (!message.contains("method")) m_answers.push_back(message);
        }
    }

    json open(const json& budget = nullptr)
    {
        return result("open",
                      {{"path", world().stack}, {"budget_bytes", budget}, {"context", 200}});
    }

    Program& program() { return m_program; }
    std::vector<json> notifications;

private:
    Program m_program;
    std::vector<json> m_answers;
    int m_id = 0;
};

json say(const std::string& text, int maxTokens)
{
    return {{"messages", {{{"role", "user"}, {"content", text}}}},
            {"max_tokens", maxTokens},
            {"temperature", 0}};
}

bool contains(const json& text, const std::string& part)
{
    return text.get<std::string>().find(part) != std::string::npos;
}

} // namespace

TEST_CASE("hello, and another protocol is refused with both numbers")
{
    Worker worker;
    const json hello = worker.result("hello", {{"protocol", 1}});
    CHECK(keys(hello) ==
          Keys{"protocol", "version", "kernels", "threads", "device", "devices", "pid"});
    const json refused = worker.ask("hello", {{"protocol", 9}})["error"];
    CHECK(refused["code"] == 2);
    CHECK(contains(refused["message"], "protocol 9"));
    CHECK(contains(refused["message"], "speaks 1"));
    worker.program().closeInput();
    CHECK(worker.program().finish().code == 0);
}

TEST_CASE("garbage is answered and survived")
{
    struct Row
    {
        const char* line;
        int code;
    };
    Worker worker;
    for (const Row& row :
         {Row{"garbage", -32700}, Row{"{\"jsonrpc\":\"2.0\",", -32700}, Row{"\xff\xfe", -32700},
          Row{"[1,2]", -32600}, Row{"42", -32600}, Row{"{\"id\":1,\"method\":\"status\"}", -32600},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":1}", -32600},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"status\"}", -32600},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\",\"params\":[]}", -32602},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"status\"}", -32700},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"dance\"}", -32601},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"open\"}", -32602},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"open\",\"params\":{\"path\":7}}", -32602},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"generate\",\"params\":{\"messages\":[3]}"
              "}",
              -32602},
          Row{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"cancel\"}", -32602}}) {
        CAPTURE(row.line);
        worker.sendLine(row.line);
        CHECK(worker.next()["error"]["code"] == row.code);
    }
    worker.sendLine(std::string(100000, '['));
    CHECK(worker.next()["error"]["code"] == -32700);
    worker.sendLine("");
    worker.sendLine(
        "{\"jsonrpc\":\"2.0\",\"method\":\"dance\"}"); // a notification is never answered
    CHECK(worker.result("status")["state"]["loaded"] == false);
}

TEST_CASE("a line over the cap ends the connection with an error")
{
    Worker worker;
    const std::string piece(1U << 20, 'x');
    for (int i = 0; i < 17; ++i)
        worker.program().write(piece);
    const json refused = worker.next();
    CHECK(refused["error"]["code"] == -32600);
    CHECK(contains(refused["error"]["message"], "16777216"));
    CHECK(worker.program().finish(5s).code == 2);
}

TEST_CASE("open, sizes, slide and close")
{
    Worker worker;
    CHECK(keys(worker.result("status")["state"]) == kState);
    CHECK(worker.ask("slide", {{"budget_bytes", 5}})["error"]["code"] == 2);
    CHECK(worker.ask("generate", say("x", 1))["error"]["code"] == 2);
    const json opened = worker.open();
    CHECK(keys(opened) == Keys{"card", "state"});
    CHECK(keys(opened["card"]) == kCard);
    CHECK(keys(opened["state"]) == kState);
    const json card = opened["card"];
    CHECK(card == worker.result("inspect", {{"path", world().stack}}));
    CHECK(opened["state"]["file_bytes"] == card["stack"]["largest_bytes"]);
    CHECK(opened["state"]["kv_bytes"] == 200 * card["kv_bytes_per_token"].get<long>());

    const json sizes = worker.result("sizes", {{"points", 8}})["sizes"];
    REQUIRE(sizes.size() == 8);
    CHECK(keys(sizes[0]) == Keys{"budget_bytes", "file_bytes", "weight_bytes", "depth_min",
                                 "depth_max", "next_bytes", "next_gain"});
    CHECK(sizes[0]["file_bytes"] == card["stack"]["smallest_bytes"]);
    CHECK(sizes.back()["file_bytes"] == card["stack"]["largest_bytes"]);
    CHECK(sizes.back()["next_bytes"] == 0);

    for (const json& size : sizes) {
        const json state =
            worker.result("slide", {{"budget_bytes", size["budget_bytes"]}})["state"];
        CHECK(state["file_bytes"] == size["file_bytes"]);
        CHECK(state["weight_bytes"] == size["weight_bytes"]);
        CHECK(state["depth_max"] == size["depth_max"]);
    }
    const json small = worker.ask("slide", {{"budget_bytes", 1000}})["error"];
    CHECK(small["code"] == 4);
    CHECK(contains(small["message"], "1000"));
    std::vector<int> plan(16, 1);
    CHECK(worker.result("slide", {{"plan", plan}})["state"]["plan"] == json(plan));
    plan.pop_back();
    CHECK(worker.ask("slide", {{"plan", plan}})["error"]["code"] == 2);
    CHECK(worker.result("close") == json::object());
    CHECK(worker.result("status")["state"]["loaded"] == false);
    CHECK(worker.ask("open", {{"path", world().folder.file("none")}})["error"]["code"] == 3);
    CHECK(worker.ask("open", {{"path", world().stack}, {"budget_bytes", 10}})["error"]["code"] ==
          4);
    CHECK(worker.open(card["stack"]["smallest_bytes"])["state"]["file_bytes"] ==
          card["stack"]["smallest_bytes"]);
}

TEST_CASE("a recipe: planned, slid to, exported and measured by its rules")
{
    Worker worker;
    const json rules{"v_proj=1", "model.layers.0.self_attn.q_proj=+1"};
    CHECK(worker.ask("plan", {{"budget_bytes", 5}})["error"]["code"] == 2); // nothing is open
    const json stack = worker.result("stack", {{"path", world().stack}});
    const long budget = stack["file_bytes"][stack["file_bytes"].size() / 2];
    const json asked{{"path", world().stack}, {"budget_bytes", budget}, {"rules", rules}};
    const json planned = worker.result("plan", asked);
    CHECK(keys(planned) == Keys{"budget_bytes", "file_bytes", "weight_bytes", "matrices", "rules",
                                "predicted_rise", "unedited", "predicted_change", "plan"});
    CHECK(planned["rules"] == rules);
    CHECK(planned["file_bytes"].get<long>() <= budget);
    CHECK(planned["unedited"]["file_bytes"].get<long>() <= planned["file_bytes"].get<long>());
    CHECK(planned["predicted_change"].is_number());
    std::size_t ruled = 0;
    for (std::size_t m = 0; m < stack["matrices"].size(); ++m) {
        CHECK(planned["matrices"][m]["depth"] == planned["plan"][m]);
        if (stack["matrices"][m]["class"] != "v_proj") continue;
        ++ruled;
        CHECK(planned["plan"][m] == 1);
    }
    CHECK(ruled == 2);

    worker.open();
    const json state =
        worker.result("slide", {{"budget_bytes", budget}, {"rules", rules}})["state"];
    CHECK(state["plan"] == planned["plan"]);
    CHECK(state["file_bytes"] == planned["file_bytes"]);
    CHECK(state["budget_bytes"] == budget);
    CHECK(worker.result("plan", {{"budget_bytes", budget}, {"rules", rules}}) == planned);
    CHECK(worker.result("slide", {{"budget_bytes", budget}})["state"]["plan"] != planned["plan"]);

    for (const json& wrong : {json{"w_proj=1"}, json{"v_proj"}}) {
        const json refused =
            worker.ask("slide", {{"budget_bytes", budget}, {"rules", wrong}})["error"];
        CHECK(refused["code"] == 2);
        CHECK(contains(refused["message"], wrong[0]));
    }
    CHECK(worker.ask("slide", {{"budget_bytes", budget}, {"rules", 3}})["error"]["code"] == -32602);
    CHECK(worker.ask("slide", {{"rules", rules}})["error"]["code"] == -32602);
    CHECK(worker.ask("plan", {{"budget_bytes", 1000}, {"rules", rules}})["error"]["code"] == 4);

    // What leaves by these rules, or by the depths they make, is as large as was said.
    json leaving{{"path", world().stack},
                 {"output", world().folder.file("edited.bitstack")},
                 {"format", "trim"},
                 {"budget_bytes", budget},
                 {"rules", rules}};
    CHECK(worker.result("export_forecast", leaving)["bytes"] == planned["file_bytes"]);
    CHECK(worker.result("export", leaving)["bytes"] == planned["file_bytes"]);
    leaving.erase("budget_bytes");
    leaving.erase("rules");
    leaving["plan"] = planned["plan"];
    leaving["output"] = world().folder.file("other.bitstack");
    CHECK(worker.result("export_forecast", leaving)["bytes"] == planned["file_bytes"]);
    leaving["rules"] = rules;
    CHECK(worker.ask("export_forecast", leaving)["error"]["code"] == 2);

    const json measured =
        worker.result("measure", {{"path", world().stack},
                                  {"text", world().text},
                                  {"context", 64},
                                  {"chunks", 1},
                                  {"budgets", {budget}},
                                  {"rules", rules},
                                  {"database", world().folder.file("recipe.sqlite")}});
    CHECK(measured["results"][0]["file_bytes"] == planned["file_bytes"]);

    // Rules alone are of everything, as for `slide`.
    const json whole = worker.result("plan", {{"rules", rules}});
    const json measuredWhole = worker.result("measure", {{"path", world().stack},
                                                         {"text", world().text},
                                                         {"context", 64},
                                                         {"chunks", 1},
                                                         {"rules", rules}});
    CHECK(measuredWhole["results"].size() == 1);
    CHECK(measuredWhole["results"][0]["file_bytes"] == whole["file_bytes"]);
}

TEST_CASE("a plan file is read again by its rules, or depth by depth")
{
    Worker worker;
    const long budget = worker.open()["card"]["stack"]["largest_bytes"];
    const json planned = worker.result("plan", {{"budget_bytes", budget}, {"rules", {"v_proj=1"}}});
    const std::string file = world().folder.write("plan.json", planned.dump());
    const json again = worker.result("plan", {{"file", file}});
    CHECK(again["plan"] == planned["plan"]);
    CHECK(again["rules"] == json{"v_proj=1"});
    json bare = planned;
    bare.erase("rules");
    const std::string other = world().folder.write("bare.json", bare.dump());
    CHECK(worker.result("plan", {{"file", other}})["plan"] == planned["plan"]);
    CHECK(worker.result("plan", {{"file", other}})["rules"].size() == planned["matrices"].size());
    CHECK(worker.ask("plan", {{"file", world().text}})["error"]["code"] == 3);
}

TEST_CASE("a recipe is planned while an answer is made")
{
    Worker worker;
    const long budget = worker.open()["card"]["stack"]["largest_bytes"];
    const int answer = worker.send("generate", say("go on", 150));
    worker.await("token");
    const int plan = worker.send("plan", {{"budget_bytes", budget}, {"rules", {"v_proj=1"}}});
    while (true) {
        const json message = worker.next();
        if (message.contains("method")) continue;
        CHECK(message["id"] == plan); // before the answer's end
        CHECK(message.contains("result"));
        break;
    }
    worker.send("cancel", {{"id", answer}});
    CHECK(worker.answerTo(answer).contains("result"));
}

TEST_CASE("tensors and metadata of a file, and what one tensor holds")
{
    Worker worker;
    for (const std::string& path : {world().model, world().stack}) {
        const json listing = worker.result("tensors", {{"path", path}});
        CHECK(keys(listing) == Keys{"tensors", "metadata"});
        REQUIRE(listing["tensors"].size() > 10);
        CHECK(keys(listing["tensors"][0]) ==
              Keys{"name", "layer", "dtype", "shape", "bytes", "blocks"});
        CHECK_FALSE(listing["metadata"].empty());
    }
    const json named{{"path", world().stack}, {"name", "model.layers.1.mlp.up_proj.weight"}};
    const json report = worker.result("tensor", named);
    CHECK(keys(report) == Keys{"tensor", "statistics", "histogram", "codes", "residuals"});
    CHECK(report["tensor"]["blocks"] == 3);
    REQUIRE(report["residuals"].size() == 4);
    CHECK(report["residuals"][0]["error"] == 1);
    CHECK(report["residuals"][3]["error"] == 0);
    CHECK(report["residuals"][1]["error"].get<double>() >
          report["residuals"][2]["error"].get<double>());
    long coded = 0;
    for (const json& code : report["codes"])
        coded += code["count"].get<long>();
    CHECK(coded == report["statistics"]["count"]);
    const json dense = worker.result(
        "tensor", {{"path", world().model}, {"name", "model.layers.1.mlp.up_proj.weight"}});
    CHECK(dense["codes"].is_null());
    CHECK(dense["statistics"]["count"] == report["statistics"]["count"]);
    const json missing =
        worker.ask("tensor", {{"path", world().model}, {"name", "nothing"}})["error"];
    CHECK(missing["code"] == 2);
    CHECK(contains(missing["message"], "nothing"));
    CHECK(worker.ask("tensors", {{"path", world().text}})["error"]["code"] == 3);
    CHECK(worker.result("status")["state"]["loaded"] == false);
}

TEST_CASE("stack: every block, the loading order and its sizes, of what is open or of a file")
{
    Worker worker;
    CHECK(worker.ask("stack")["error"]["code"] == 2);
    CHECK(worker.ask("stack", {{"path", 7}})["error"]["code"] == -32602);
    const json dense = worker.ask("stack", {{"path", world().model}})["error"];
    CHECK(dense["code"] == 2);
    CHECK(contains(dense["message"], "stack"));

    const json report = worker.result("stack", {{"path", world().stack}});
    CHECK(keys(report) == Keys{"path", "codec", "parameters", "layers", "matrices", "order",
                               "smallest_count", "file_bytes", "gain_left", "predicted", "marks"});
    CHECK(worker.result("status")["state"]["loaded"] == false);
    const json card = worker.open()["card"];
    CHECK(worker.result("stack") == report);
    CHECK(report["parameters"] == card["parameters"]);
    CHECK(report["layers"] == card["layers"]);
    REQUIRE(report["matrices"].size() == card["stack"]["matrices"]);
    REQUIRE(report["order"].size() == card["stack"]["blocks"]);

    // The order fills every matrix, block by block.
    std::vector<std::size_t> depth(report["matrices"].size());
    for (const json& entry : report["order"])
        CHECK(++depth[entry[0].get<std::size_t>()] == entry[1].get<std::size_t>());
    std::size_t found = 0;
    for (std::size_t m = 0; m < depth.size(); ++m) {
        const json& matrix = report["matrices"][m];
        CHECK(keys(matrix) ==
              Keys{"name", "layer", "class", "rows", "cols", "linear", "block_bytes", "gains"});
        CHECK(matrix["block_bytes"].size() == depth[m]);
        CHECK(matrix["gains"].size() == depth[m]);
        if (matrix["name"] == "model.layers.1.self_attn.q_proj") {
            ++found;
            CHECK(matrix["layer"] == 1);
            CHECK(matrix["class"] == "q_proj");
            CHECK(matrix["linear"] == true);
        } else if (matrix["name"] == "model.embed_tokens") {
            ++found;
            CHECK(matrix["layer"].is_null());
            CHECK(matrix["class"] == "embed_tokens");
        }
    }
    CHECK(found == 2);

    // Every size the slider stops at is one of the prefixes' sizes.
    const std::size_t prefixes =
        report["order"].size() - report["smallest_count"].get<std::size_t>() + 1;
    REQUIRE(report["file_bytes"].size() == prefixes);
    REQUIRE(report["gain_left"].size() == prefixes);
    CHECK(report["file_bytes"][0] == card["stack"]["smallest_bytes"]);
    CHECK(report["file_bytes"].back() == card["stack"]["largest_bytes"]);
    CHECK(report["gain_left"].back() == 0);
    for (std::size_t i = 0; i + 1 < prefixes; ++i) {
        const json& entry = report["order"][report["smallest_count"].get<std::size_t>() + i];
        const json& matrix = report["matrices"][entry[0].get<std::size_t>()];
        const std::size_t block = entry[1].get<std::size_t>() - 1;
        CHECK(report["file_bytes"][i + 1].get<long>() - report["file_bytes"][i].get<long>() >=
              matrix["block_bytes"][block].get<long>());
        CHECK(report["gain_left"][i].get<double>() - report["gain_left"][i + 1].get<double>() ==
              doctest::Approx(matrix["gains"][block].get<double>()));
    }
    CHECK(report["predicted"] == json::array()); // this codec measures nothing when it is made
}

TEST_CASE("a template is run on messages, or its error is told with its line")
{
    Worker worker;
    const json messages = say("hello", 1)["messages"];
    CHECK(worker.ask("render_template", {{"messages", messages}})["error"]["code"] == 2);
    worker.open();
    const json own =
        worker.result("render_template", {{"template", nullptr}, {"messages", messages}});
    CHECK(keys(own) == Keys{"template", "text", "tokens", "error", "line"});
    CHECK(own["error"].is_null());
    CHECK(own["line"].is_null());
    CHECK(contains(own["text"], "hello"));
    CHECK(own["tokens"].get<int>() > 0);
    CHECK(worker.result("render_template",
                        {{"template", own["template"]}, {"messages", messages}}) == own);

    const json changed = worker.result(
        "render_template",
        {{"template", "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"},
         {"messages", messages}});
    CHECK(changed["text"] == "<user>hello");
    const json broken = worker.result(
        "render_template", {{"template", "{{ bos_token }}\n\n{% for m in messages %}{{ m.role |"},
                            {"messages", messages}});
    CHECK(broken["text"].is_null());
    CHECK(broken["tokens"].is_null());
    CHECK(broken["line"] == 3);
    CHECK(contains(broken["error"], "line 3"));
    const json refuses =
        worker.result("render_template", {{"template", "{{ raise_exception('no such roles') }}"},
                                          {"messages", messages}});
    CHECK(contains(refuses["error"], "no such roles"));
    CHECK(worker.ask("render_template",
                     {{"template", 3}, {"messages", messages}})["error"]["code"] == -32602);
}

TEST_CASE("an answer is made with the template that is handed over")
{
    Worker worker;
    worker.open();
    json request = say("hello", 2);
    const json own = worker.result("generate", request);
    request["chat_template"] = "{{ messages[0].content }}";
    const json bare = worker.result("generate", request);
    CHECK(bare["prompt_tokens"].get<int>() < own["prompt_tokens"].get<int>());
    request["chat_template"] = nullptr;
    CHECK(worker.result("generate", request)["prompt_tokens"] == own["prompt_tokens"]);
    request["chat_template"] = "{% if %}";
    const json refused = worker.ask("generate", request)["error"];
    CHECK(refused["code"] == 3);
    CHECK(contains(refused["message"], "line 1"));
}

TEST_CASE("an answer streams, and a conversation that goes on keeps what was computed")
{
    Worker worker;
    worker.open();
    json request = say("hello", 8);
    const json first = worker.result("generate", request);
    CHECK(keys(first) == Keys{"text", "ids", "prompt_ids", "stop_reason", "prompt_tokens",
                              "tokens_per_second", "context_used", "dropped_messages",
                              "weight_bytes", "mixed", "notice"});
    CHECK(first["mixed"] == false);
    CHECK(first["notice"].is_null());
    std::string streamed;
    for (const json& n : worker.notifications)
        if (n["method"] == "token") {
            CHECK(keys(n["params"]) ==
                  Keys{"id", "text", "count", "tokens_per_second", "context_used"});
            streamed += n["params"]["text"].get<std::string>();
        }
    CHECK(json(streamed) == first["text"]);
    CHECK(worker.result("status")["state"]["context_used"] == first["context_used"]);

    // The same again from the kept beginning, and from nothing: the same answer.
    const json again = worker.result("generate", request);
    CHECK(again["ids"] == first["ids"]);
    CHECK(worker.result("reset_context") == json::object());
    CHECK(worker.result("status")["state"]["context_used"] == 0);
    CHECK(worker.result("generate", request)["ids"] == first["ids"]);

    // Another size: mixed until everything is computed again.
    const json sizes = worker.result("sizes", {{"points", 2}})["sizes"];
    worker.result("slide", {{"budget_bytes", sizes[0]["budget_bytes"]}});
    request["messages"].push_back({{"role", "assistant"}, {"content", first["text"]}});
    request["messages"].push_back({{"role", "user"}, {"content", "more"}});
    CHECK(worker.result("generate", request)["mixed"] == true);
    worker.result("reset_context");
    CHECK(worker.result("generate", request)["mixed"] == false);

    // Away and back with a fresh context: the first answer.
    worker.result("slide", {{"budget_bytes", sizes[1]["budget_bytes"]}});
    worker.result("reset_context");
    CHECK(worker.result("generate", say("hello", 8))["ids"] == first["ids"]);
}

TEST_CASE("a conversation that outgrows the context loses its oldest messages and says so")
{
    Worker worker;
    worker.open();
    json request = say("first question", 4);
    request["messages"].insert(request["messages"].begin(),
                               json{{"role", "system"}, {"content", "be brief"}});
    for (int i = 0; i < 4; ++i) {
        request["messages"].push_back(
            {{"role", "assistant"}, {"content", "an answer of some length"}});
        request["messages"].push_back({{"role", "user"}, {"content", "question"}});
    }
    const json answer = worker.result("generate", request);
    CHECK(answer["dropped_messages"] >= 2);
    CHECK(answer["dropped_messages"].get<int>() % 2 == 0);
    CHECK(answer["prompt_tokens"] < 200);
    const json tooLong = worker.ask("generate", say(tinyText(400), 4))["error"];
    CHECK(tooLong["code"] == 2);
    CHECK(contains(tooLong["message"], "200"));
    const json badOption = worker.ask(
        "generate", {{"messages", {{{"role", "user"}, {"content", "x"}}}}, {"top_p", 7}});
    CHECK(badOption["error"]["code"] == 2);
}

TEST_CASE("a chat template that cannot be run: plain ChatML, and the answer's notice says so")
{
    Worker worker;
    const std::string model = makeTinyModel(world().folder.path(), "strange");
    worker.result("open", {{"path", model}, {"context", 200}});
    const json plain = worker.result("generate", say("hello", 4));
    world().folder.write("strange/tokenizer_config.json",
                         json{{"bos_token", "<|im_start|>"},
                              {"eos_token", "<|im_end|>"},
                              {"chat_template", "{{ messages|shuffle }}"}}
                             .dump());
    worker.result("open", {{"path", model}, {"context", 200}});
    const json answer = worker.result("generate", say("hello", 4));
    CHECK(answer["ids"] == plain["ids"]);
    CHECK(answer["prompt_tokens"] == plain["prompt_tokens"]);
    CHECK(contains(answer["notice"], "shuffle"));
    CHECK(contains(answer["notice"], "plain ChatML"));
}

TEST_CASE("weigh says what a size takes before it is loaded, and what loading it takes then")
{
    Worker worker;
    const json whole = worker.result("weigh", {{"path", world().stack}});
    CHECK(keys(whole) ==
          Keys{"card", "file_bytes", "weight_bytes", "depth_min", "depth_max", "source_path"});
    CHECK(keys(whole["card"]) == kCard);
    CHECK(whole["file_bytes"] == whole["card"]["stack"]["largest_bytes"]);
    CHECK(whole["depth_min"] == 3);
    CHECK(fs::equivalent(whole["source_path"].get<std::string>(), world().model));
    const json smallest = whole["card"]["stack"]["smallest_bytes"];
    const json small =
        worker.result("weigh", {{"path", world().stack}, {"budget_bytes", smallest}});
    CHECK(small["file_bytes"] == smallest);
    const json state = worker.open(smallest)["state"];
    CHECK(state["weight_bytes"] == small["weight_bytes"]);
    CHECK(state["depth_max"] == small["depth_max"]);
    const json planned = worker.result("weigh", {{"path", world().stack}, {"plan", state["plan"]}});
    CHECK(planned["file_bytes"] == smallest);

    const json rules = {"v_proj=1"}; // of three blocks
    const json ruled = worker.result(
        "weigh",
        {{"path", world().stack}, {"budget_bytes", whole["file_bytes"]}, {"rules", rules}});
    CHECK(ruled["file_bytes"] < whole["file_bytes"]);
    CHECK(worker.result("slide", {{"budget_bytes", whole["file_bytes"]},
                                  {"rules", rules}})["state"]["weight_bytes"] ==
          ruled["weight_bytes"]);

    const json dense = worker.result("weigh", {{"path", world().model}, {"budget_bytes", nullptr}});
    CHECK(dense["file_bytes"] == dense["card"]["bytes"]);
    CHECK(dense["depth_min"].is_null());
    CHECK(dense["source_path"].is_null());
    CHECK(worker.ask("weigh", {{"path", world().model}, {"budget_bytes", 5}})["error"]["code"] ==
          2);
    CHECK(worker.ask("weigh", {{"path", world().stack}, {"budget_bytes", 5}})["error"]["code"] ==
          4);
    CHECK(worker.ask("weigh", {{"path", world().stack}, {"plan", {1, 2}}})["error"]["code"] == 2);
}

TEST_CASE("score: a greedy answer's tokens are the likeliest, as probabilities")
{
    Worker worker;
    CHECK(worker.ask("score", {{"prompt_ids", {1}}, {"ids", {2}}})["error"]["code"] == 2);
    worker.open();
    const json answer = worker.result("generate", say("hello", 8));
    const json params{{"prompt_ids", answer["prompt_ids"]}, {"ids", answer["ids"]}, {"top", 3}};
    const json tokens = worker.result("score", params)["tokens"];
    REQUIRE(tokens.size() == answer["ids"].size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        CHECK(keys(tokens[i]) == Keys{"id", "text", "log_probability", "top"});
        CHECK(tokens[i]["id"] == answer["ids"][i]);
        REQUIRE(tokens[i]["top"].size() == 3);
        CHECK(keys(tokens[i]["top"][0]) == Keys{"id", "text", "log_probability"});
        CHECK(tokens[i]["top"][0]["id"] == tokens[i]["id"]);
        CHECK(tokens[i]["top"][0]["log_probability"] == tokens[i]["log_probability"]);
        double sum = 0;
        for (const json& chance : tokens[i]["top"])
            sum += std::exp(chance["log_probability"].get<double>());
        CHECK(sum <= 1.000001);
    }
    const json again = worker.result("generate", say("hello", 8)); // it took the context, no more
    CHECK(again["ids"] == answer["ids"]);
    CHECK(worker.ask("score", {{"prompt_ids", "x"}, {"ids", {2}}})["error"]["code"] == -32602);
    CHECK(worker.ask("score", {{"prompt_ids", {1}}, {"ids", {1 << 20}}})["error"]["code"] == 2);
}

TEST_CASE("keep: the size found gives the answer, progress is told, and it can be canceled")
{
    Worker worker;
    worker.open();
    const json answer = worker.result("generate", say("where does the river go?", 6));
    json params{{"path", world().stack},
                {"prompt_ids", answer["prompt_ids"]},
                {"ids", answer["ids"]},
                {"tokens", 0},
                {"budget_bytes", nullptr}};
    const int id = worker.send("keep", params);
    const json first = worker.await("progress");
    CHECK(first["id"] == id);
    CHECK(contains(first["detail"], "B"));
    const json kept = worker.answerTo(id)["result"];
    CHECK(keys(kept) == Keys{"tokens", "file_bytes", "weight_bytes", "written", "below", "probes"});
    CHECK(kept["tokens"] == answer["ids"].size());
    CHECK(kept["written"] == kept["tokens"]);
    REQUIRE(kept["file_bytes"].is_number());
    worker.result("slide", {{"budget_bytes", kept["file_bytes"]}});
    worker.result("reset_context");
    CHECK(worker.result("generate", say("where does the river go?", 6))["ids"] == answer["ids"]);

    params["ids"][0] = (answer["ids"][0].get<int>() + 1) % 200;
    const json none = worker.result("keep", params);
    CHECK(none["file_bytes"].is_null());
    CHECK(none["below"].is_null());
    CHECK(none["probes"][0]["kept"] == 0);

    params["ids"] = json::array();
    for (int i = 0; i < 4000; ++i)
        params["ids"].push_back(5); // long enough to be caught in the middle
    const int longer = worker.send("keep", params);
    worker.await("progress");
    worker.ask("cancel", {{"id", longer}});
    CHECK(worker.answerTo(longer)["error"]["code"] == 130);
    params["path"] = world().model;
    CHECK(worker.ask("keep", params)["error"]["code"] == 2);
}

TEST_CASE("slide, status and cancel are answered while an answer is made")
{
    Worker worker;
    const json opened = worker.open();
    const json stack = opened["card"]["stack"];
    // Answers of random weights rarely end early; one that does is asked for again.
    for (int attempt = 0; attempt < 20; ++attempt) {
        json request = say("tell me " + std::to_string(attempt), 150);
        request["temperature"] = 2.0;
        request["seed"] = attempt;
        const int id = worker.send("generate", request);
        const json token = worker.await("token");
        CHECK(token["id"] == id);
        const int slide = worker.send("slide", {{"budget_bytes", stack["smallest_bytes"]}});
        const int status = worker.send("status");
        const int cancel = worker.send("cancel", {{"id", id}});
        CHECK(worker.answerTo(slide).contains("result"));
        CHECK(worker.answerTo(status)["result"]["state"]["loaded"] == true);
        const json canceled = worker.answerTo(cancel)["result"];
        const json answer = worker.answerTo(id);
        REQUIRE(answer.contains("result"));
        CHECK(worker.result("status")["state"]["file_bytes"] == stack["smallest_bytes"]);
        worker.result("slide", {{"budget_bytes", stack["largest_bytes"]}});
        if (canceled["canceled"] == true && answer["result"]["stop_reason"] == "stopped") return;
    }
    FAIL("no answer ran long enough to be stopped");
}

TEST_CASE("a slide that cannot be is refused at once, the answer goes on")
{
    Worker worker;
    worker.open();
    const int id = worker.send("generate", say("hello", 100));
    worker.await("token");
    const int slide = worker.send("slide", {{"budget_bytes", 1}});
    CHECK(worker.answerTo(slide)["error"]["code"] == 4);
    CHECK(worker.answerTo(id).contains("result"));
    CHECK(worker.ask("cancel", {{"id", 12345}})["result"]["canceled"] == false);
}

TEST_CASE("measure stores each size as it goes, the dense model too, and can be canceled")
{
    Worker worker;
    const json card = worker.result("inspect", {{"path", world().stack}});
    const std::string database = world().folder.file("measured.sqlite");
    const json params{
        {"path", world().stack},
        {"text", world().text},
        {"context", 128},
        {"chunks", 3},
        {"budgets", {card["stack"]["smallest_bytes"], card["stack"]["largest_bytes"]}},
        {"include_dense", true},
        {"database", database}};
    const json measured = worker.result("measure", params);
    REQUIRE(measured["results"].size() == 3);
    CHECK(measured["note"].is_null());
    CHECK(measured["results"][2]["budget_bytes"].is_null());
    std::size_t points = 0;
    for (const json& n : worker.notifications)
        if (n["method"] == "measured") {
            CHECK(keys(n["params"]) ==
                  Keys{"id", "run_id", "budget_bytes", "metric", "value", "error"});
            CHECK(n["params"]["value"] == measured["results"][points++]["perplexity"]);
        }
    CHECK(points == 3);
    CHECK(fs::exists(database));

    json referred = params;
    referred["reference"] = world().model;
    referred["include_dense"] = false;
    const json run = worker.result("measure", referred);
    CHECK(run["results"][0]["kld_mean"].get<double>() >
          run["results"][1]["kld_mean"].get<double>());
    const Outcome shown = runProgram(
        BS_PROGRAM, {"runs", "show", run["run_id"].dump(), "--database", database, "--json"});
    REQUIRE_MESSAGE(shown.code == 0, shown.err);
    std::set<std::string> metrics;
    const json stored = json::parse(shown.out);
    for (const json& m : stored["measurements"])
        metrics.insert(m["metric"].get<std::string>());
    const Keys all{"perplexity", "kld_mean", "kld_25",  "kld_median",
                   "kld_75",     "kld_99",   "same_top"};
    CHECK(metrics == all);

    const std::string text = world().folder.write("long.txt", tinyText(3000000));
    json longer = params;
    longer["text"] = text;
    longer["chunks"] = 0;
    const int id = worker.send("measure", longer);
    worker.await("progress");
    const int queued = worker.send("hello", {{"protocol", 1}});
    CHECK(worker.ask("cancel", {{"id", queued}})["result"]["canceled"] == true);
    CHECK(worker.answerTo(queued)["error"]["code"] == 130);
    CHECK(worker.ask("cancel", {{"id", id}})["result"]["canceled"] == true);
    CHECK(worker.answerTo(id)["error"]["code"] == 130);
}

TEST_CASE("token_divergence looks at a file and at an answer, and can be canceled")
{
    Worker worker;
    const json card = worker.result("inspect", {{"path", world().stack}});
    CHECK(card["source_path"] == world().model);
    const json params{{"path", world().stack}, {"budget_bytes", card["stack"]["smallest_bytes"]},
                      {"text", world().text},  {"context", 64},
                      {"chunks", 2},           {"worst", 4}};
    const json found = worker.result("token_divergence", params);
    CHECK(keys(found) == Keys{"file_bytes", "reference", "dense", "note", "kept", "tokens",
                              "kld_mean", "kld_median", "same_top", "positions", "worst"});
    REQUIRE(found["positions"].size() == 2 * 63);
    CHECK(keys(found["positions"][0]) == Keys{"index", "text", "kld", "nll", "reference_top",
                                              "reference_probability", "top", "probability"});
    REQUIRE(found["worst"].size() == 4);
    CHECK(keys(found["worst"][0]) == Keys{"position", "before", "after", "reference", "model"});
    CHECK(found["file_bytes"] == card["stack"]["smallest_bytes"]);
    CHECK(std::any_of(worker.notifications.begin(), worker.notifications.end(),
                      [](const json& n) { return n["method"] == "progress"; }));

    json answer = params;
    answer.erase("text");
    answer["messages"] = {{{"role", "user"}, {"content", "hello"}},
                          {{"role", "assistant"}, {"content", "once upon a time"}}};
    const json looked = worker.result("token_divergence", answer);
    CHECK(looked["tokens"] > looked["positions"].size());
    answer["messages"].erase(1);
    CHECK(worker.ask("token_divergence", answer)["error"]["code"] == 2);
    answer.erase("messages");
    CHECK(worker.ask("token_divergence", answer)["error"]["code"] == -32602);

    json longer = params;
    longer["text"] = world().folder.write("looked.txt", tinyText(3000000));
    longer["chunks"] = 0;
    const int id = worker.send("token_divergence", longer);
    worker.await("progress");
    CHECK(worker.ask("cancel", {{"id", id}})["result"]["canceled"] == true);
    CHECK(worker.answerTo(id)["error"]["code"] == 130);
}

TEST_CASE("measure spreads sizes, leaves out those that are too small, and keeps a sweep's name")
{
    Worker worker;
    const json card = worker.result("inspect", {{"path", world().stack}});
    const std::string database = world().folder.file("swept.sqlite");
    json params{{"path", world().stack},
                {"text", world().text},
                {"context", 64},
                {"chunks", 1},
                {"budgets", {1000}},
                {"spread", 3},
                {"leave_out_smaller", true},
                {"sweep", "three"},
                {"database", database}};
    const json measured = worker.result("measure", params);
    REQUIRE(measured["results"].size() == 3);
    CHECK(measured["results"][0]["file_bytes"] == card["stack"]["smallest_bytes"]);
    CHECK(measured["results"][2]["file_bytes"] == card["stack"]["largest_bytes"]);
    CHECK(measured["note"] == "left out as below the smallest plan: 1.00 kB");
    params["spread"] = 0; // nothing is left to measure then
    CHECK(worker.ask("measure", params)["error"]["code"] == 4);
    params["spread"] = 2;
    params["leave_out_smaller"] = false;
    CHECK(worker.ask("measure", params)["error"]["code"] == 4);
    // A model that is no stack has one size.
    params["path"] = world().model;
    params["leave_out_smaller"] = true;
    CHECK(worker.result("measure", params)["results"].size() == 1);
}

TEST_CASE("forecast and compress")
{
    Worker worker;
    const json request{{"path", world().model},
                       {"output", world().folder.file("worker.bitstack")},
                       {"codec", "bitstack"},
                       {"rank", 8},
                       {"blocks", 2},
                       {"calibration", world().text},
                       {"calibration_tokens", 512},
                       {"order", "ours"},
                       {"resume", true},
                       {"force", false}};
    const json forecast = worker.result("forecast", request);
    CHECK(keys(forecast) ==
          Keys{"seconds", "disk_bytes", "free_disk_bytes", "peak_bytes", "file_bytes"});
    const json done = worker.result("compress", request);
    CHECK(keys(done) == Keys{"file_bytes", "matrices", "blocks", "seconds", "peak_bytes"});
    CHECK(fs::file_size(world().folder.file("worker.bitstack")) == done["file_bytes"]);
    CHECK(worker.ask("compress", request)["error"]["code"] == 2);
}

TEST_CASE("export: forecast to the byte, refused without force, bad words named")
{
    Worker worker;
    json request{{"path", world().stack},
                 {"output", world().folder.file("worker.gguf")},
                 {"format", "gguf"},
                 {"type", "Q8_0"},
                 {"budget_bytes", nullptr}};
    const json forecast = worker.result("export_forecast", request);
    CHECK(keys(forecast) == Keys{"bytes", "files"});
    CHECK_FALSE(fs::exists(world().folder.file("worker.gguf")));
    const json done = worker.result("export", request);
    CHECK(done == forecast);
    CHECK(fs::file_size(world().folder.file("worker.gguf")) == done["bytes"]);
    REQUIRE_FALSE(worker.notifications.empty());
    CHECK(worker.notifications.front()["method"] == "progress");
    CHECK(worker.ask("export", request)["error"]["code"] == 2);
    request["force"] = true;
    CHECK(worker.result("export", request) == done);
    request["budget_bytes"] = 10;
    CHECK(worker.ask("export_forecast", request)["error"]["code"] == 4);
    request["format"] = "onnx";
    const json refused = worker.ask("export", request);
    CHECK(refused["error"]["code"] == 2);
    CHECK(contains(refused["error"]["message"], "onnx"));
}

TEST_CASE("a nested stack is forecast, made, slid there and back, and answers the same")
{
    Worker worker;
    const std::string path = world().folder.file("nested.bitstack");
    const json request{{"path", world().model},
                       {"output", path},
                       {"codec", "nested"},
                       {"calibration", world().text},
                       {"calibration_tokens", 512}};
    const json forecast = worker.result("forecast", request);
    CHECK(forecast["file_bytes"] > 0);
    CHECK(forecast["seconds"] > 0);
    CHECK(forecast["disk_bytes"] > forecast["file_bytes"]);
    const json done = worker.result("compress", request);
    CHECK(fs::file_size(path) == done["file_bytes"]);
    const json opened =
        worker.result("open", {{"path", path}, {"budget_bytes", nullptr}, {"context", 256}});
    CHECK(opened["card"]["codec"] == "nested");
    const json stack = opened["card"]["stack"];
    const json report = worker.result("stack");
    CHECK(report["codec"] == "nested");
    CHECK(report["file_bytes"].back() == stack["largest_bytes"]);
    const Outcome inspected = runProgram(BS_PROGRAM, {"inspect", path, "--json"});
    CHECK(report["predicted"] == json::parse(inspected.out)["predicted"]);
    const json question{{"messages", {{{"role", "user"}, {"content", "hello"}}}},
                        {"max_tokens", 8},
                        {"temperature", 0}};
    const json first = worker.result("generate", question);
    const json small = worker.result("slide", {{"budget_bytes", stack["smallest_bytes"]}})["state"];
    CHECK(small["file_bytes"] == stack["smallest_bytes"]);
    CHECK(small["weight_bytes"] < opened["state"]["weight_bytes"]);
    worker.result("generate", question);
    const json large = worker.result("slide", {{"budget_bytes", stack["largest_bytes"]}})["state"];
    CHECK(large["weight_bytes"] == opened["state"]["weight_bytes"]);
    worker.result("reset_context");
    CHECK(worker.result("generate", question)["ids"] == first["ids"]);
}

TEST_CASE("the end of input ends the worker, even in the middle of a job")
{
    Worker worker;
    const std::string text = world().folder.write("endless.txt", tinyText(3000000));
    worker.send(
        "measure",
        {{"path", world().stack}, {"text", text}, {"context", 256}, {"budgets", json::array()}});
    worker.await("progress");
    worker.program().closeInput();
    const auto start = std::chrono::steady_clock::now();
    CHECK(worker.program().finish(10s).code == 0);
    CHECK(std::chrono::steady_clock::now() - start < 3s);
}
