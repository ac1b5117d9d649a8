#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_model.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

// The command line's contract on tiny models: keys, exit codes, messages, files.

using namespace bs::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// One folder with a tiny model, its stack and a text, made once for all cases.
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
        const Outcome made =
            run({"compress", model, "-o", stack, "--codec", "bitstack", "--blocks", "3",
                 "--calibration", text, "--calibration-tokens", "512", "--json"});
        REQUIRE_MESSAGE(made.code == 0, made.err);
        compressed = json::parse(made.out);
    }

    /// Runs bitstack with its user folders inside the test's.
    Outcome run(const std::vector<std::string>& arguments, const std::string& input = {},
                const std::string& plugin = "/nowhere/libbs_gpu.so") const
    {
        return runProgram(BS_PROGRAM, arguments,
                          {"XDG_DATA_HOME=" + folder.path() + "/data",
                           "XDG_CACHE_HOME=" + folder.path() + "/cache",
                           "BITSTACK_GPU_PLUGIN=" + plugin},
                          input);
    }

    json ok(const std::vector<std::string>& arguments) const
    {
        std::vector<std::string> all = arguments;
        all.emplace_back("--json");
        const Outcome outcome = run(all);
        REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
        REQUIRE(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 1);
        return json::parse(outcome.out);
    }

    json compressed;
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

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// A refused command: exit code, one sentence that names the culprit, nothing on standard output.
void refused(const std::vector<std::string>& arguments, int code, const std::string& named)
{
    const Outcome outcome = world().run(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.code == code);
    CHECK(contains(outcome.err, named));
    CHECK(outcome.out.empty());
}

/// The tiny model as a nested stack, made once; what compress said.
const json& nestedStack()
{
    static const json compressed =
        world().ok({"compress", world().model, "-o", world().folder.file("nested.bitstack"),
                    "--calibration", world().text, "--calibration-tokens", "512"});
    return compressed;
}

/// Makes the first weight of a tensor of a safetensors file a NaN.
void spoilWeight(const std::string& path, const std::string& tensor)
{
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    std::uint64_t headerBytes = 0;
    file.read(reinterpret_cast<char*>(&headerBytes), sizeof headerBytes);
    std::string header(headerBytes, ' ');
    file.read(header.data(), static_cast<std::streamsize>(headerBytes));
    const auto at = json::parse(header).at(tensor).at("data_offsets").at(0).get<std::uint64_t>();
    file.seekp(static_cast<std::streamoff>(8 + headerBytes + at));
    file.write("\xff\xff\xff\xff", 4);
    REQUIRE(file.good());
}

} // namespace

TEST_CASE("--help and --version end with 0, unknown words with 2")
{
    const World& w = world();
    const Outcome help = w.run({"--help"});
    CHECK(help.code == 0);
    for (const char* command : {"inspect", "tokenize", "compress", "plan", "trim", "export", "eval",
                                "generate", "keep", "chat", "bench", "runs", "worker"}) {
        CHECK(contains(help.out, std::string("  ") + command));
        CHECK(w.run({command, "--help"}).code == 0);
    }
    CHECK(w.run({"eval", "perplexity", "--help"}).code == 0);
    const Outcome version = w.run({"--version"});
    CHECK(version.code == 0);
    for (const char* part : {"bitstack 0.", "commit: ", "kernels: ", "matrix products: OpenBLAS, ",
                             "device: cpu (", "\ncards: none, no CUDA plugin"})
        CHECK(contains(version.out, part));
    // OpenBLAS takes these where it does not know a processor; ours do not, so it must have been
    // told.
    if (!contains(version.out, "kernels: scalar")) CHECK_FALSE(contains(version.out, "Prescott"));
    CHECK(w.run({}).code == 2);
    CHECK(w.run({"frobnicate"}).code == 2);
    CHECK(w.run({"inspect"}).code == 2);
    refused({"inspect", w.model, "--frobnicate"}, 2, "no option --frobnicate of inspect");
    refused({"plan", w.stack, "--budgt", "60MB"}, 2, "did you mean --budget?");
    CHECK(contains(
        w.run({"generate", w.stack, "--prompt", "a", "--max-tokens", "1", "--context", "99999"})
            .err,
        "trained for 256 tokens"));
    refused({"pln", w.stack}, 2, "no command 'pln'; did you mean plan?");
    refused({"runs", "lst"}, 2, "no command 'lst' of runs; did you mean list?");
    refused({"plan", w.stack, "more"}, 2, "'more' is one argument of plan too many");
    refused({"generate", w.stack, "--prompt", "a", "--max-tokens", "-1"}, 2, "-1 is below 0");
    refused({"generate", w.stack, "--prompt", "a", "--seed", "99999999999999999999"}, 2,
            "is too large");
}

TEST_CASE("what is read is never replaced, and neither is what is no file")
{
    const World& w = world();
    const std::string calibration = w.folder.write("calibration.txt", tinyText(2000));
    refused({"compress", w.model, "-o", w.model + "/config.json", "--force"}, 2, "config.json");
    refused({"compress", w.model, "-o", calibration, "--calibration", calibration, "--force"}, 2,
            "calibration.txt");
    refused({"trim", w.stack, "--budget", "min", "-o", w.stack, "--force"}, 2, w.stack);
    refused({"trim", w.stack, "--budget", "min", "-o", "/dev/null", "--force"}, 5,
            "no regular file");
    refused({"trim", w.stack, "--budget", "min", "-o", ""}, 2, "name");
    const std::string dangling = w.folder.file("dangling.bitstack");
    fs::create_symlink("/nowhere/at/all", dangling);
    refused({"compress", w.model, "-o", dangling}, 2, dangling);
    const std::string database = w.folder.file("guarded.sqlite");
    w.ok({"eval", "perplexity", w.stack, "--text", w.text, "--context", "64", "--chunks", "1",
          "--database", database});
    refused({"runs", "export", "--database", database, "-o", database, "--force"}, 2, database);
    CHECK(w.ok({"runs", "list", "--database", database})["runs"].size() == 1);
    refused({"runs", "list", "--database", w.folder.file("mistyped.sqlite")}, 3, "mistyped");
    CHECK_FALSE(fs::exists(w.folder.file("mistyped.sqlite")));
}

TEST_CASE("a calibration text too short to say anything is refused, a short one told")
{
    const World& w = world();
    const std::string output = w.folder.file("short.bitstack");
    refused({"compress", w.model, "-o", output, "--calibration", w.folder.write("3.txt", "abc")}, 2,
            "64 are the fewest");
    CHECK_FALSE(fs::exists(output + ".work"));
    const Outcome told = w.run({"compress", w.model, "-o", output, "--calibration", w.text});
    CHECK_MESSAGE(told.code == 0, told.err);
    CHECK(contains(told.err, "small sizes will be worse"));
}

TEST_CASE("inspect says what a model and a stack are")
{
    const World& w = world();
    const Keys wanted{"format",    "architecture", "parameters", "bytes",    "truncated",
                      "tokenizer", "codec",        "stack",      "predicted"};
    const json dense = w.ok({"inspect", w.model});
    CHECK(keys(dense) == wanted);
    CHECK(dense["format"] == "huggingface");
    CHECK(dense["architecture"] == "llama");
    CHECK(dense["truncated"] == false);
    CHECK(dense["codec"].is_null());
    CHECK(dense["stack"].is_null());
    const json stack = w.ok({"inspect", w.stack});
    CHECK(keys(stack) == wanted);
    CHECK(stack["format"] == "bitstack");
    CHECK(stack["codec"] == "bitstack");
    CHECK(stack["bytes"] == fs::file_size(w.stack));
    CHECK(stack["parameters"] == dense["parameters"]);
    CHECK(keys(stack["stack"]) == Keys{"matrices", "blocks", "smallest_bytes", "largest_bytes"});
    CHECK(stack["stack"]["largest_bytes"] == stack["bytes"]);
    CHECK(stack["stack"]["matrices"] == 16);
    CHECK(stack["predicted"].is_array());
    CHECK(w.ok({"inspect", w.stack, "--tensors"})["tensors"].size() > 40);
    CHECK(w.run({"inspect", w.stack, "--tensors"}).code == 0);
}

TEST_CASE("compress reports what it wrote and does not write over files")
{
    const World& w = world();
    CHECK(keys(w.compressed) == Keys{"file_bytes", "matrices", "blocks", "seconds", "peak_bytes"});
    CHECK(w.compressed["file_bytes"] == fs::file_size(w.stack));
    CHECK(w.compressed["blocks"] == 14 * 3 + 2);
    refused({"compress", w.model, "-o", w.stack}, 2, w.stack);
    refused({"compress", w.model, "-o", w.folder.file("x.bitstack"), "--codec", "zip"}, 2, "zip");
    refused({"compress", w.model, "-o", w.folder.file("no/x.bitstack"), "--calibration", w.text}, 5,
            "/no");
    refused({"compress", w.model, "-o", w.folder.file("x.bitstack"), "--calibration",
             w.folder.file("none.txt")},
            3, "none.txt");
    CHECK_FALSE(fs::exists(w.folder.file("x.bitstack")));
}

TEST_CASE("compress without --codec makes a nested stack that was measured at eight sizes")
{
    const World& w = world();
    const json compressed = nestedStack();
    CHECK(keys(compressed) == Keys{"file_bytes", "matrices", "blocks", "seconds", "peak_bytes"});
    const std::string stack = w.folder.file("nested.bitstack");
    CHECK(compressed["file_bytes"] == fs::file_size(stack));
    const json card = w.ok({"inspect", stack});
    CHECK(card["codec"] == "nested");
    CHECK(card["stack"]["matrices"] == compressed["matrices"]);
    CHECK(card["stack"]["largest_bytes"] == card["bytes"]);
    CHECK(card["stack"]["smallest_bytes"] < 0.6 * card["bytes"].get<double>());
    REQUIRE(card["predicted"].size() == 8);
    CHECK(card["predicted"][0]["budget_bytes"] == card["stack"]["smallest_bytes"]);
    CHECK(card["predicted"][7]["budget_bytes"] == card["stack"]["largest_bytes"]);
    for (const json& rise : card["predicted"])
        CHECK(keys(rise) == Keys{"budget_bytes", "predicted_rise", "measured_rise"});
}

TEST_CASE("a nested stack is planned and trimmed to the byte, and a trimmed one answers the same")
{
    const World& w = world();
    nestedStack();
    const std::string stack = w.folder.file("nested.bitstack");
    const json card = w.ok({"inspect", stack})["stack"];
    const long middle =
        (card["smallest_bytes"].get<long>() + card["largest_bytes"].get<long>()) / 2;
    for (const std::string& budget :
         {std::string("min"), std::to_string(middle), std::string("max")}) {
        CAPTURE(budget);
        const json plan = w.ok({"plan", stack, "--budget", budget});
        CHECK(plan["file_bytes"] <= plan["budget_bytes"]);
        const std::string out = w.folder.file("nested-" + budget + ".bitstack");
        const json trimmed = w.ok({"trim", stack, "--budget", budget, "-o", out});
        CHECK(trimmed["file_bytes"] == plan["file_bytes"]);
        CHECK(trimmed["weight_bytes"] == plan["weight_bytes"]);
        CHECK(fs::file_size(out) == plan["file_bytes"]);
        const std::vector<std::string> ask{"--prompt", "hello",        "--raw", "--temperature",
                                           "0",        "--max-tokens", "8"};
        std::vector<std::string> whole{"generate", stack, "--budget", budget};
        std::vector<std::string> cut{"generate", out};
        whole.insert(whole.end(), ask.begin(), ask.end());
        cut.insert(cut.end(), ask.begin(), ask.end());
        CHECK(w.ok(whole)["ids"] == w.ok(cut)["ids"]);
    }
}

TEST_CASE("a compression that was killed goes on with --resume to the same file")
{
    const World& w = world();
    nestedStack();
    const std::string out = w.folder.file("killed.bitstack");
    const auto command = [&](const std::vector<std::string>& more) {
        std::vector<std::string> all{
            "compress", w.model, "-o", out, "--calibration", w.text, "--calibration-tokens", "512"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    const auto finished = [&] {
        std::error_code none;
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(out + ".work", none))
            count += entry.path().filename() != "settings" ? 1 : 0;
        return count;
    };
    {
        Program program(BS_PROGRAM, command({"--threads", "1"}));
        for (int i = 0; i < 20000 && finished() < 2; ++i)
            ::usleep(500);
        program.signal(SIGKILL);
        CHECK(program.finish().code == 137);
    }
    CHECK_FALSE(fs::exists(out));
    CHECK(finished() >= 2);
    const Outcome resumed = w.run(command({"--resume"}));
    REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
    CHECK(w.folder.read("killed.bitstack") == w.folder.read("nested.bitstack"));
    CHECK_FALSE(fs::exists(out + ".work"));
}

TEST_CASE(
    "what belongs to codec bitstack is refused with nested, and so is a weight that is no number")
{
    const World& w = world();
    const std::string out = w.folder.file("refused.bitstack");
    refused({"compress", w.model, "-o", out, "--order", "authors"}, 2, "nested");
    refused({"compress", w.model, "-o", out, "--published-scales"}, 2, "nested");
    refused({"compress", w.model, "-o", out, "--codec", "nested", "--refined"}, 2, "refined");
    const std::string broken = makeTinyModel(w.folder.path(), "broken");
    spoilWeight(broken + "/model.safetensors", "model.layers.1.mlp.up_proj.weight");
    refused({"compress", broken, "-o", out, "--calibration", w.text, "--calibration-tokens", "512"},
            3, "model.layers.1.mlp.up_proj");
    CHECK_FALSE(fs::exists(out));
}

TEST_CASE("tokenize: an empty text is valid, control tokens are parsed, BOS on request")
{
    const World& w = world();
    CHECK(w.ok({"tokenize", w.model, "--text-file", w.folder.write("empty.txt", "")}) ==
          json{{"ids", json::array()}});
    const std::string file = w.folder.write("short.txt", "A<|im_end|>");
    CHECK(w.ok({"tokenize", w.model, "--text-file", file})["ids"] == json{'A' + 3, 2});
    CHECK(w.ok({"tokenize", w.model, "--text-file", file, "--bos"})["ids"] == json{1, 'A' + 3, 2});
    CHECK(w.ok({"tokenize", w.stack, "--text-file", file})["ids"] == json{'A' + 3, 2});
    refused({"tokenize", w.model, "--text-file", w.folder.file("none.txt")}, 3, "none.txt");
}

TEST_CASE("plan and trim agree to the byte, and a plan file brings the plan back")
{
    const World& w = world();
    const json card = w.ok({"inspect", w.stack});
    const std::string middle = std::to_string(
        (card["stack"]["smallest_bytes"].get<long>() + card["stack"]["largest_bytes"].get<long>()) /
        2);
    const json plan = w.ok({"plan", w.stack, "--budget", middle});
    CHECK(keys(plan) == Keys{"budget_bytes", "file_bytes", "weight_bytes", "matrices"});
    CHECK(plan["budget_bytes"] == std::stol(middle));
    CHECK(plan["file_bytes"] <= std::stol(middle));
    CHECK(keys(plan["matrices"][0]) == Keys{"name", "depth", "bytes"});

    const std::string planFile = w.folder.write("plan.json", plan.dump());
    const json same = w.ok({"plan", w.stack, "--plan", planFile});
    CHECK(same["matrices"] == plan["matrices"]);
    CHECK(same["budget_bytes"].is_null());

    const std::string out = w.folder.file("trimmed.bitstack");
    const json trimmed = w.ok({"trim", w.stack, "--plan", planFile, "-o", out});
    CHECK(keys(trimmed) == Keys{"file_bytes", "weight_bytes"});
    CHECK(trimmed["file_bytes"] == plan["file_bytes"]);
    CHECK(trimmed["weight_bytes"] == plan["weight_bytes"]);
    CHECK(fs::file_size(out) == plan["file_bytes"]);
    CHECK(w.ok({"inspect", out})["truncated"] == false);
    refused({"trim", w.stack, "--budget", "max", "-o", out}, 2, out);
    CHECK(w.ok({"trim", w.stack, "--budget", "min", "-o", out, "--force"})["file_bytes"] ==
          card["stack"]["smallest_bytes"]);
    refused({"trim", w.stack, "--budget", "max", "-o", w.stack, "--force"}, 2, w.stack);
    refused({"trim", w.stack, "-o", w.folder.file("no/such/folder.bitstack")}, 5, "no/such");
    CHECK(fs::file_size(w.stack) == card["bytes"]);
}

TEST_CASE("rules hold whatever the budget is, in every command that takes one")
{
    const World& w = world();
    const long least = w.ok({"plan", w.stack, "--budget", "min"})["file_bytes"];
    const long most = w.ok({"plan", w.stack, "--budget", "max"})["file_bytes"];
    const std::string middle = std::to_string((least + most) / 2);
    const json plain = w.ok({"plan", w.stack, "--budget", middle});
    const json plan =
        w.ok({"plan", w.stack, "--budget", middle, "--rule", "v_proj=1", "--rule", "q_proj=+1"});
    CHECK(keys(plan) == Keys{"budget_bytes", "file_bytes", "weight_bytes", "matrices", "rules",
                             "predicted_rise", "unedited", "predicted_change"});
    CHECK(plan["rules"] == json{"v_proj=1", "q_proj=+1"});
    CHECK(plan["matrices"] != plain["matrices"]);
    for (const json& matrix : plan["matrices"])
        if (matrix["name"].get<std::string>().ends_with("v_proj")) CHECK(matrix["depth"] == 1);
    const std::string out = w.folder.file("ruled.bitstack");
    const json trimmed = w.ok({"trim", w.stack, "--rule", "v_proj=1", "--budget", middle, "--rule",
                               "q_proj=+1", "-o", out});
    CHECK(trimmed["file_bytes"] == plan["file_bytes"]);
    CHECK(fs::file_size(out) == plan["file_bytes"]);
    const std::string file = w.folder.write("ruled.json", plan.dump());
    CHECK(w.ok({"plan", w.stack, "--plan", file})["matrices"] == plan["matrices"]);
    CHECK(contains(w.run({"plan", w.stack, "--budget", middle, "--rule", "v_proj=1"}).out,
                   "of the unedited stack's"));
    refused({"plan", w.stack, "--rule", "v_proj"}, 2, "v_proj");
    refused({"plan", w.stack, "--rule", "none=1"}, 2, "none=1");
    refused({"plan", w.stack, "--depth", "1", "--rule", "v_proj=1"}, 2, "rules");
    refused({"plan", w.model, "--rule", "v_proj=1"}, 2, "stack");
}

TEST_CASE("inspect --tensor: statistics of one tensor, and its error by depth")
{
    const World& w = world();
    const std::string name = "model.layers.0.self_attn.o_proj.weight";
    const json stack = w.ok({"inspect", w.stack, "--tensor", name});
    CHECK(keys(stack) == Keys{"tensor", "statistics", "histogram", "codes", "residuals"});
    CHECK(stack["residuals"].size() == 4);
    CHECK(w.ok({"inspect", w.model, "--tensor", name})["residuals"].is_null());
    CHECK(contains(w.run({"inspect", w.stack, "--tensor", name}).out, "bits per weight"));
    refused({"inspect", w.model, "--tensor", "nothing"}, 2, "nothing");
}

TEST_CASE("export writes what it said it would, in every form, and opens again")
{
    const World& w = world();
    for (const std::string format : {"safetensors", "gguf", "authors", "trim"}) {
        CAPTURE(format);
        const std::string out = w.folder.file("exported_" + format);
        const json done = w.ok({"export", w.stack, "--depth", "2", "--format", format, "-o", out});
        CHECK(keys(done) == Keys{"bytes", "files"});
        std::uint64_t bytes = 0;
        for (const json& file : done["files"])
            bytes += fs::file_size(file.get<std::string>());
        CHECK(bytes == done["bytes"]);
        const json card = w.ok({"inspect", out});
        CHECK(card["parameters"] == w.ok({"inspect", w.stack})["parameters"]);
        CHECK(card["tokenizer"] == w.ok({"inspect", w.stack})["tokenizer"]);
        refused({"export", w.stack, "--format", format, "-o", out}, 2, out); // it is there already
    }
    const std::string small = w.folder.file("small.gguf");
    const json half = w.ok({"export", w.stack, "--format", "gguf", "--type", "q8_0", "-o", small});
    CHECK(half["bytes"] < fs::file_size(w.folder.file("exported_gguf")) * 2 / 3);
    refused({"export", w.stack, "--format", "onnx", "-o", small}, 2, "onnx");
    refused({"export", w.stack, "--format", "gguf", "--type", "Q4_K", "-o", small}, 2, "Q4_K");
    refused({"export", w.stack, "--format", "safetensors", "--type", "Q8_0", "-o", small}, 2,
            "Q8_0");
    refused({"export", w.model, "--format", "authors", "-o", w.folder.file("none")}, 2,
            "codec bitstack");
    CHECK(fs::file_size(small) == half["bytes"]);
    CHECK_FALSE(fs::exists(w.folder.file("none")));
}

TEST_CASE("sizes: min, max, beyond the largest, below the smallest, words that are none")
{
    const World& w = world();
    const json card = w.ok({"inspect", w.stack})["stack"];
    CHECK(w.ok({"plan", w.stack, "--budget", "min"})["budget_bytes"] == card["smallest_bytes"]);
    CHECK(w.ok({"plan", w.stack, "--budget", "max"})["budget_bytes"] == card["largest_bytes"]);
    CHECK(w.ok({"plan", w.stack})["file_bytes"] == card["largest_bytes"]);
    const json beyond = w.ok({"plan", w.stack, "--budget", "3GiB"});
    CHECK(beyond["budget_bytes"] == 3221225472);
    CHECK(beyond["file_bytes"] == card["largest_bytes"]);
    const json twoDeep = w.ok({"plan", w.stack, "--depth", "2"}); // a loop over it needs it whole
    for (const json& matrix : twoDeep["matrices"])
        CHECK(matrix["depth"] == (contains(matrix["name"], "layers") ? 2 : 1));
    refused({"plan", w.stack, "--budget", "10kB"}, 4,
            std::to_string(card["smallest_bytes"].get<long>()));
    refused({"plan", w.stack, "--budget", "many"}, 2, "many");
    refused({"plan", w.stack, "--budget", "-5"}, 2, "-5");
    refused({"plan", w.stack, "--depth", "-1"}, 2, "-1");
    refused({"plan", w.stack, "--depth", "1", "--budget", "max"}, 2, "only one");
    refused({"plan", w.model, "--budget", "1MB"}, 2, w.model);
    refused({"plan", w.model}, 2, w.model);
    refused({"generate", w.model, "--prompt", "x", "--depth", "2"}, 2, "needs a .bitstack file");
}

TEST_CASE("plan files that do not fit are refused by the name of the matrix")
{
    const World& w = world();
    json plan = w.ok({"plan", w.stack, "--depth", "1"});
    const std::string first = plan["matrices"][3]["name"];
    struct Row
    {
        const char* name;
        std::string text;
        std::string named;
    };
    json deep = plan;
    deep["matrices"][3]["depth"] = 9;
    json unknown = plan;
    unknown["matrices"][3]["name"] = "model.layers.77";
    json fewer = plan;
    fewer["matrices"].erase(3);
    json twice = plan;
    twice["matrices"].push_back(plan["matrices"][3]);
    json negative = plan;
    negative["matrices"][3]["depth"] = -1;
    for (const Row& row :
         {Row{"too deep", deep.dump(), first + ": depth 9"},
          Row{"unknown", unknown.dump(), "model.layers.77"}, Row{"missing", fewer.dump(), first},
          Row{"twice", twice.dump(), first}, Row{"negative", negative.dump(), "matrices"},
          Row{"no JSON", "plan!", "plan"}, Row{"no list", "{}", "matrices"}}) {
        CAPTURE(row.name);
        refused({"plan", w.stack, "--plan", w.folder.write("bad.json", row.text)}, 3, row.named);
    }
    refused({"plan", w.stack, "--plan", w.folder.file("none.json")}, 3, "none.json");
}

TEST_CASE("eval perplexity: results in the order of the options, stored unless it is not wanted")
{
    const World& w = world();
    const json result =
        w.ok({"eval", "perplexity", w.stack, "--text", w.text, "--context", "128", "--depth", "3",
              "--budget", "min", "--depth", "0", "--budget", "max", "--chunks", "4"});
    CHECK(keys(result) == Keys{"run_id", "results"});
    REQUIRE(result["results"].size() == 4);
    CHECK(keys(result["results"][0]) == Keys{"budget_bytes", "depth", "file_bytes", "weight_bytes",
                                             "perplexity", "perplexity_error", "tokens_scored",
                                             "kld_mean", "kld_25", "kld_median", "kld_75", "kld_99",
                                             "same_top", "seconds"});
    const json& results = result["results"];
    CHECK(results[0]["depth"] == 3);
    CHECK(results[0]["budget_bytes"].is_null());
    CHECK(results[1]["depth"].is_null());
    CHECK(results[1]["budget_bytes"] == results[1]["file_bytes"]);
    CHECK(results[2]["depth"] == 0);
    CHECK(results[3]["file_bytes"] == fs::file_size(w.stack));
    CHECK(results[0]["perplexity"] == results[3]["perplexity"]);
    CHECK(results[0]["tokens_scored"] == 4 * 63);
    CHECK(results[0]["kld_mean"].is_null());

    const json run = w.ok({"runs", "show", std::to_string(result["run_id"].get<int>())});
    CHECK(keys(run) == Keys{"run", "measurements"});
    CHECK(run["run"]["state"] == "done");
    REQUIRE(run["measurements"].size() == 4);
    CHECK(keys(run["measurements"][0]) == Keys{"budget_bytes", "metric", "value", "error", "n"});
    CHECK(run["measurements"][1]["value"] == results[1]["perplexity"]);

    const std::size_t before = w.ok({"runs", "list"})["runs"].size();
    const json all = w.ok({"eval", "perplexity", w.model, "--text", w.text, "--context", "128",
                           "--scored", "all", "--chunks", "1", "--no-store"});
    CHECK(all["run_id"].is_null());
    CHECK(all["results"][0]["tokens_scored"] == 127);
    CHECK(all["results"][0]["file_bytes"] == fs::file_size(w.model + "/model.safetensors"));
    CHECK(w.ok({"runs", "list"})["runs"].size() == before);
    CHECK(keys(w.ok({"runs", "list"})["runs"][0]) ==
          Keys{"id", "kind", "model", "started", "state"});
}

TEST_CASE("eval perplexity against a reference reports the divergence")
{
    const World& w = world();
    const std::vector<std::string> command{
        "eval", "perplexity", w.stack, "--text",  w.text, "--context",   "64",    "--chunks",
        "4",    "--depth",    "1",     "--depth", "3",    "--reference", w.model, "--no-store"};
    const json first = w.ok(command);
    const json& results = first["results"];
    CHECK(results[0]["kld_mean"] > results[1]["kld_mean"]);
    CHECK(results[1]["kld_mean"] >= 0);
    CHECK(results[1]["kld_25"] <= results[1]["kld_median"]);
    CHECK(results[1]["kld_median"] <= results[1]["kld_99"]);
    CHECK(results[1]["same_top"] <= 1.0);
    const json again = w.ok(command); // from the cached distributions
    CHECK(again["results"][0]["kld_mean"] == results[0]["kld_mean"]);
}

TEST_CASE("eval tokens shows where a size differs from the original")
{
    const World& w = world();
    const json found = w.ok({"eval", "tokens", w.stack, "--text", w.text, "--context", "64",
                             "--chunks", "2", "--depth", "1", "--worst", "3"});
    CHECK(found["positions"].size() == 2 * 63);
    CHECK(found["worst"].size() == 3);
    CHECK(found["reference"] == w.model);
    CHECK(found["dense"] == true);
    CHECK(found["note"].is_null());
    const json same = w.ok({"eval", "tokens", w.stack, "--text", w.text, "--context", "64",
                            "--chunks", "2", "--reference", w.stack});
    CHECK(same["kld_mean"] < 1e-6);
    const Outcome shown = w.run({"eval", "tokens", w.stack, "--text", w.text, "--context", "64",
                                 "--chunks", "1", "--depth", "1", "--worst", "2"});
    CHECK(shown.code == 0);
    CHECK(shown.out.find("63 tokens at ") != std::string::npos);
    CHECK(shown.out.find("original expected") == std::string::npos);
    CHECK(shown.out.find("reference expected") != std::string::npos);
    refused({"eval", "tokens", w.stack, "--text", w.folder.file("none.txt")}, 3, "none.txt");
}

TEST_CASE("eval perplexity refuses what makes no sense")
{
    const World& w = world();
    refused({"eval", "perplexity", w.stack, "--text", w.text, "--context", "2"}, 2, "context of 2");
    refused({"eval", "perplexity", w.stack, "--text", w.text, "--context", "4096", "--no-store"}, 2,
            "4096");
    refused({"eval", "perplexity", w.stack, "--text", w.folder.write("tiny.txt", "ab"), "--context",
             "64", "--no-store"},
            2, "64");
    refused({"eval", "perplexity", w.stack, "--text", w.text, "--scored", "some"}, 2, "some");
    refused({"eval", "perplexity", w.stack, "--text", w.text, "--database",
             w.folder.path() + "/no/x.sqlite", "--context", "64"},
            5, "no/x.sqlite");
    const std::string foreign = w.folder.write("foreign.sqlite", std::string(4000, 'x'));
    refused(
        {"eval", "perplexity", w.stack, "--text", w.text, "--database", foreign, "--context", "64"},
        3, foreign);
}

TEST_CASE("generate: the same seed and size, the same answer; greedy needs no seed")
{
    const World& w = world();
    const std::vector<std::string> command{"generate",     w.stack, "--prompt", "hello",
                                           "--max-tokens", "12",    "--seed",   "7"};
    const json answer = w.ok(command);
    CHECK(keys(answer) == Keys{"text", "ids", "prompt_ids", "stop_reason", "weight_bytes",
                               "tokens_per_second", "notice"});
    CHECK(answer["notice"].is_null());
    CHECK(answer["ids"].size() <= 12);
    CHECK(w.ok(command)["ids"] == answer["ids"]);
    CHECK(answer["prompt_ids"][0] == 1); // ChatML begins with <|im_start|>
    CHECK(Keys{"eos", "length"}.count(answer["stop_reason"]) == 1);
    CHECK(answer["weight_bytes"] == w.ok({"plan", w.stack})["weight_bytes"]);

    const json raw = w.ok({"generate", w.stack, "--prompt", "hello", "--raw", "--temperature", "0",
                           "--max-tokens", "5"});
    CHECK(raw["prompt_ids"].size() == 5);
    CHECK(w.ok({"generate", w.stack, "--prompt", "hello", "--raw", "--temperature", "0",
                "--max-tokens", "5", "--seed", "3"})["ids"] == raw["ids"]);
    const Outcome text = w.run({"generate", w.stack, "--prompt", "hello", "--max-tokens", "3"});
    CHECK(text.code == 0);
    CHECK(contains(text.err, "tokens/s"));
    refused({"generate", w.stack, "--prompt", "x", "--temperature", "-1"}, 2, "temperature");
    refused({"generate", w.stack, "--prompt", "x", "--top-p", "2"}, 2, "top");
    refused({"generate", w.stack, "--prompt", "", "--raw"}, 2, "empty");
    refused({"generate", w.stack, "--prompt", tinyText(300)}, 2, "context");
}

TEST_CASE("generate --top: the likeliest tokens at every place of the answer")
{
    const World& w = world();
    const json answer = w.ok({"generate", w.stack, "--prompt", "hello", "--temperature", "0",
                              "--max-tokens", "4", "--top", "3"});
    REQUIRE(answer["tokens"].size() == answer["ids"].size());
    for (std::size_t i = 0; i < answer["ids"].size(); ++i) {
        CHECK(answer["tokens"][i]["top"].size() == 3);
        CHECK(answer["tokens"][i]["top"][0]["id"] == answer["ids"][i]);
    }
}

TEST_CASE("keep: the smallest size that gives an answer, its own or another model's")
{
    const World& w = world();
    const std::vector<std::string> ask{"--prompt", "hello", "--max-tokens", "5"};
    std::vector<std::string> own{"keep", w.stack};
    own.insert(own.end(), ask.begin(), ask.end());
    const json kept = w.ok(own);
    REQUIRE(kept["file_bytes"].is_number());
    CHECK(kept["written"] == kept["tokens"]);
    const json again = w.ok({"generate", w.stack, "--prompt", "hello", "--max-tokens", "5",
                             "--temperature", "0", "--budget", kept["file_bytes"].dump()});
    CHECK(again["text"] == kept["text"]);

    own.insert(own.end(), {"--first", "1"});
    CHECK(w.ok(own)["tokens"] == 1);
    std::vector<std::string> other{"keep", w.stack, "--reference", w.model};
    other.insert(other.end(), ask.begin(), ask.end());
    const json dense =
        w.ok({"generate", w.model, "--prompt", "hello", "--max-tokens", "5", "--temperature", "0"});
    CHECK(w.ok(other)["text"] == dense["text"]);
    const Outcome text = w.run({"keep", w.stack, "--prompt", "hello", "--max-tokens", "5"});
    CHECK(text.code == 0);
    CHECK(contains(text.out, " keeps these "));
    refused({"keep", w.model, "--prompt", "hello"}, 2, "needs a .bitstack file");
    refused({"keep", w.stack, "--prompt", "hello", "--max-tokens", "2", "--first", "3"}, 2,
            "first 3");
}

TEST_CASE("generate and chat: a template that cannot be run is told on standard error")
{
    const World& w = world();
    const std::string model = makeTinyModel(w.folder.path(), "strange");
    w.folder.write("strange/tokenizer_config.json",
                   json{{"bos_token", "<|im_start|>"},
                        {"eos_token", "<|im_end|>"},
                        {"chat_template", "{{ messages|shuffle }}"}}
                       .dump());
    const json plain = w.ok({"generate", w.model, "--prompt", "hello", "--max-tokens", "2"});
    const json answer = w.ok({"generate", model, "--prompt", "hello", "--max-tokens", "2"});
    CHECK(answer["prompt_ids"] == plain["prompt_ids"]);
    CHECK(contains(answer["notice"], "shuffle"));
    const Outcome text = w.run({"generate", model, "--prompt", "hello", "--max-tokens", "2"});
    CHECK(text.code == 0);
    CHECK(contains(text.err, "plain ChatML stands in for it"));
    CHECK_FALSE(contains(text.out, "ChatML"));
    const Outcome talk = w.run({"chat", model, "--max-tokens", "2"}, "one\ntwo\n/quit\n");
    CHECK(talk.code == 0);
    const std::size_t told = talk.err.find("plain ChatML stands in for it");
    CHECK(told != std::string::npos);
    CHECK(talk.err.find("plain ChatML", told + 1) == std::string::npos); // once in a conversation
    CHECK(contains(w.run({"generate", w.model, "--prompt", "x", "--max-tokens", "1"}).err,
                   "ChatML") == false);
}

TEST_CASE("a chat slides, regenerates and quits")
{
    const World& w = world();
    const Outcome chat =
        w.run({"chat", w.stack, "--max-tokens", "3", "--temperature", "0", "--json"},
              "hi\n/size min\n/regenerate\n/size nonsense\n/what\n/size 1kB\n/quit\nnever\n");
    CHECK(chat.code == 0);
    CHECK(std::count(chat.out.begin(), chat.out.end(), '\n') == 2);
    for (const char* part : {"now at", "'nonsense' is not a size", "/what", "smallest"})
        CHECK(contains(chat.err, part));
    CHECK(w.run({"chat", w.stack}, "").code == 0);
}

TEST_CASE("bench reports speeds, and slides of a stack")
{
    const World& w = world();
    const std::vector<std::string> few{"--prompt-tokens", "16", "--generate-tokens", "4",
                                       "--repeat",        "1"};
    std::vector<std::string> command{"bench", w.stack, "--depth", "2"};
    command.insert(command.end(), few.begin(), few.end());
    const json stack = w.ok(command);
    CHECK(keys(stack) == Keys{"prompt_tokens_per_second", "generate_tokens_per_second",
                              "weight_bytes", "bytes_read_per_token", "bandwidth_fraction",
                              "slide_ms"});
    CHECK(stack["slide_ms"] > 0);
    CHECK(stack["bytes_read_per_token"] <= stack["weight_bytes"]);
    CHECK(stack["bandwidth_fraction"] > 0);
    command[1] = w.model;
    command.erase(command.begin() + 2, command.begin() + 4);
    command.emplace_back("--no-store");
    CHECK(w.ok(command)["slide_ms"].is_null());
    CHECK(w.ok({"runs", "list"})["runs"][0]["kind"] == "bench");
    refused({"bench", w.stack, "--prompt-tokens", "9999", "--no-store"}, 2, "9999");
}

TEST_CASE("runs are exported, and an unknown one is named")
{
    const World& w = world();
    const std::string csv = w.folder.file("runs.csv");
    CHECK(w.run({"runs", "export", "--format", "csv", "-o", csv}).code == 0);
    CHECK(w.folder.read("runs.csv").rfind("run,kind,", 0) == 0);
    refused({"runs", "export", "-o", csv}, 2, csv);
    const std::string asJson = w.folder.file("runs.json");
    CHECK(w.run({"runs", "export", "--format", "json", "-o", asJson}).code == 0);
    CHECK(json::parse(w.folder.read("runs.json")).is_array());
    refused({"runs", "show", "99999"}, 2, "99999");
    CHECK(w.run({"runs", "list"}).code == 0);
}

TEST_CASE("runs are filtered, noted, removed and restored")
{
    const World& w = world();
    const std::string database = w.folder.file("kept.sqlite");
    const auto measure = [&](const char* sweep) {
        return w.ok({"eval", "perplexity", w.stack, "--text", w.text, "--context", "64", "--chunks",
                     "1", "--spread", "2", "--sweep", sweep, "--database", database});
    };
    const json first = measure("first");
    REQUIRE(first["results"].size() == 2);
    CHECK(first["results"][1]["file_bytes"] == fs::file_size(w.stack));
    measure("second");
    const auto ids = [&](std::vector<std::string> options) {
        std::vector<std::string> command{"runs", "list", "--database", database};
        command.insert(command.end(), options.begin(), options.end());
        const json listed = w.ok(command);
        std::vector<int> found;
        for (const json& run : listed["runs"])
            found.push_back(run["id"]);
        return found;
    };
    CHECK(ids({"--filter", "sweep:first"}) == std::vector<int>{1});
    CHECK(ids({"--filter", "ppl<1"}).empty());
    CHECK(ids({"--filter", "ppl>1 codec:bitstack"}) == std::vector<int>{2, 1});
    refused({"runs", "list", "--database", database, "--filter", "pl<1"}, 2, "no column 'pl'");

    CHECK(w.ok({"runs", "note", "2", "the fan was off", "--database", database})["runs"] ==
          json::array({2}));
    CHECK(ids({"--filter", "note:fan"}) == std::vector<int>{2});
    CHECK(w.ok({"runs", "remove", "1", "2", "--database", database})["runs"] ==
          json::array({1, 2}));
    CHECK(ids({}).empty());
    const std::string csv = w.folder.file("kept.csv");
    w.ok({"runs", "export", "--database", database, "-o", csv});
    CHECK(w.folder.read("kept.csv").find("\r\n1,") == std::string::npos);
    w.ok({"runs", "restore", "2", "--database", database});
    CHECK(ids({}) == std::vector<int>{2});
    refused({"runs", "remove", "77", "--database", database}, 2, "no run 77");
}

TEST_CASE("bad model files get one sentence and exit code 3")
{
    const World& w = world();
    const std::string good = w.folder.read("tiny.bitstack");
    const std::string huge("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10);
    struct Row
    {
        std::string name;
        std::string bytes;
    };
    const std::vector<Row> rows{
        {"empty", ""},
        {"text", "this is no model, but some words in a file"},
        {"hostile-header", huge},
        {"cut-header", good.substr(0, 3000)},
        {"cut-early", good.substr(0, good.size() / 8)},
        {"gguf-only-magic", "GGUF"},
        {"gguf-hostile",
         std::string("GGUF\3\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                     24)}};
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const std::string path = w.folder.write(row.name, row.bytes);
        refused({"inspect", path}, 3, path);
        refused({"generate", path, "--prompt", "x"}, 3, path);
        refused({"compress", path, "-o", w.folder.file("bad.bitstack")}, 3, path);
        CHECK_FALSE(fs::exists(w.folder.file("bad.bitstack")));
        CHECK_FALSE(fs::exists(w.folder.file("bad.bitstack.work")));
    }
    refused({"inspect", w.folder.file("nothing-there")}, 3, "nothing-there");
    fs::create_directories(w.folder.file("empty-folder"));
    refused({"inspect", w.folder.file("empty-folder")}, 3, "empty-folder");
}

TEST_CASE("a stack that was cut late opens and says so")
{
    const World& w = world();
    const std::string good = w.folder.read("tiny.bitstack");
    const std::string cut =
        w.folder.write("cut.bitstack", std::string_view(good).substr(0, good.size() - 100));
    const json card = w.ok({"inspect", cut});
    CHECK(card["truncated"] == true);
    CHECK(w.run({"generate", cut, "--prompt", "x", "--max-tokens", "2"}).code == 0);
}

TEST_CASE("a flipped byte in a block is found when it is loaded")
{
    const World& w = world();
    std::string bytes = w.folder.read("tiny.bitstack");
    bytes[bytes.size() - 200] = static_cast<char>(bytes[bytes.size() - 200] ^ 1);
    const std::string bad = w.folder.write("flipped.bitstack", bytes);
    refused({"generate", bad, "--prompt", "x"}, 3, "checksum");
    refused({"trim", bad, "-o", w.folder.file("flipped-trim.bitstack")}, 3, "checksum");
    CHECK_FALSE(fs::exists(w.folder.file("flipped-trim.bitstack")));
}

TEST_CASE("a model without a tokenizer can be looked at, but not talked to")
{
    const World& w = world();
    const std::string mute = makeTinyModel(w.folder.path(), "mute");
    fs::remove(mute + "/tokenizer.json");
    CHECK(w.ok({"inspect", mute})["tokenizer"].is_null());
    refused({"generate", mute, "--prompt", "x"}, 3, "no tokenizer");
    refused({"tokenize", mute, "--text-file", w.text}, 3, "no tokenizer");
    refused({"eval", "perplexity", mute, "--text", w.text, "--context", "64", "--no-store"}, 3,
            "no tokenizer");
}

TEST_CASE("devices: the processor, and a graphics card only where there is a plugin")
{
    const World& w = world();
    CHECK(w.run({"generate", w.stack, "--prompt", "x", "--max-tokens", "1", "--device", "cpu",
                 "--threads", "1"})
              .code == 0);
    refused({"generate", w.stack, "--prompt", "x", "--device", "cuda:0"}, 4, "no CUDA plugin");
    refused({"generate", w.stack, "--prompt", "x", "--device", "abacus"}, 2, "abacus");
    refused({"generate", w.stack, "--prompt", "x", "--threads", "0"}, 2, "threads");
}

TEST_CASE("a card that is emulated answers as the processor does")
{
    const World& w = world();
    const auto on = [&](std::vector<std::string> arguments, const std::string& device) {
        arguments.insert(arguments.end(), {"--device", device});
        return w.run(arguments, {}, BS_EMULATED_PLUGIN);
    };
    const std::vector<std::string> ask{"generate",      w.stack, "--prompt", "the",
                                       "--max-tokens",  "4",     "--budget", "min",
                                       "--temperature", "0",     "--json"};
    const Outcome processor = on(ask, "cpu");
    const Outcome card = on(ask, "cuda");
    REQUIRE_MESSAGE(card.code == 0, card.err);
    CHECK(json::parse(card.out)["ids"] == json::parse(processor.out)["ids"]);
    CHECK(json::parse(card.out)["weight_bytes"] != json::parse(processor.out)["weight_bytes"]);
    // Without being told it takes the card that there is.
    CHECK(json::parse(on(ask, "auto").out)["weight_bytes"] ==
          json::parse(card.out)["weight_bytes"]);
    const Outcome second = on(ask, "cuda:1");
    CHECK(second.code == 2);
    CHECK(second.err.find("there is no card 1") != std::string::npos);
}

TEST_CASE("Ctrl-C, or a terminal that is closed, ends a job with 130, and the run is remembered")
{
    const World& w = world();
    const std::string text = w.folder.write("long.txt", tinyText(2000000));
    std::signal(SIGHUP, SIG_DFL); // under nohup it is ignored, which the program would keep to
    for (const int signal : {SIGINT, SIGHUP}) {
        const std::string database = w.folder.file("stopped" + std::to_string(signal) + ".sqlite");
        Program program(BS_PROGRAM, {"eval", "perplexity", w.stack, "--text", text, "--context",
                                     "256", "--database", database, "--json"});
        for (int i = 0; i < 500 && !fs::exists(database); ++i)
            ::usleep(10000);
        ::usleep(300000);
        program.signal(signal);
        const Outcome outcome = program.finish();
        CHECK(outcome.code == 130);
        CHECK(outcome.out.empty());
        CHECK(contains(outcome.err, "stopped"));
        CHECK(w.ok({"runs", "list", "--database", database})["runs"][0]["state"] == "canceled");
    }
}

TEST_CASE("one compression at a time works on an output")
{
    const World& w = world();
    const std::string output = w.folder.file("one-at-a-time.bitstack");
    const std::vector<std::string> compress{
        "compress", w.model, "-o", output, "--calibration", w.text, "--calibration-tokens", "512"};
    fs::create_directory(output + ".work");
    const int other = ::open((output + ".work").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(::flock(other, LOCK_EX) == 0);
    refused(compress, 2, "another program is working in it");
    ::close(other);
    CHECK(w.run(compress).code == 0);
    CHECK_FALSE(fs::exists(output + ".work"));
}

/// Runs a line of the shell with $B for the program.
Outcome shell(const std::string& line)
{
    return runProgram("/bin/sh", {"-c", "B=" BS_PROGRAM "; " + line});
}

TEST_CASE("standard streams that are closed or full")
{
    const World& w = world();
    CHECK(shell("$B inspect " + w.stack + " > /dev/full").code == 5);
    CHECK(shell("$B --help > /dev/full").code == 5);
    CHECK(shell("$B inspect " + w.stack + " <&- >&-").code == 5);
    CHECK(shell("timeout 20 $B chat " + w.stack + " <&-").code == 0);
    // What is opened later is not taken for one of them: progress would be read as a signal.
    const std::string output = w.folder.file("closed.bitstack");
    CHECK(
        shell("$B compress " + w.model + " -o " + output + " --calibration " + w.text + " <&- 2>&-")
            .code == 0);
    CHECK(fs::exists(output));
}

TEST_CASE("too little address space is an error, after which the program ends")
{
    const Outcome outcome =
        shell("ulimit -v 100000; timeout 20 $B generate " + world().stack + " --prompt a");
    CHECK_MESSAGE(outcome.code == 4, outcome.err);
    CHECK(contains(outcome.err, "not enough memory"));
}
