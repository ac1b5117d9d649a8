#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/store/run_filter.h"
#include "core/store/run_text.h"
#include "core/store/run_view.h"
#include "core/store/schema.h"
#include "core/store/store.h"
#include "tests/support/got.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

using namespace bs;
using bs::test::check;
using bs::test::got;
using bs::test::TempFolder;

namespace {

/// A model with its stack and four runs: a sweep's curve with divergence, a bench, one that failed
/// at once and one of another machine.
struct Lab
{
    TempFolder folder;
    Store store = got(Store::open(folder.file("t.sqlite")));
    std::int64_t model = got(store.addModel({"m1", "/models/Demo.gguf", "llama", 5}));
    std::int64_t stack =
        got(store.addArtifact({"a1", model, "nested", "{}", "/models/demo.bitstack", 200}));
    std::int64_t dense =
        got(store.addArtifact({"m1", model, "dense", "{}", "/models/Demo.gguf", 900}));
    std::int64_t curve = run("perplexity", R"({"text":"/t/wiki.txt","sweep":"widths"})");
    std::int64_t bench = run("bench", "{}");
    std::int64_t failed = run("perplexity", "no json");
    std::int64_t other = run("perplexity", R"({"text":"/t/code.txt"})", "Über-PC");

    Lab()
    {
        measure(curve, stack, 60'800'000, "perplexity", 23.3, 0.7);
        measure(curve, stack, 60'800'000, "kld_mean", 0.02, 0.001);
        measure(curve, stack, 60'800'000, "same_top", 0.91);
        measure(curve, stack, 60'800'000, "kld_99", 0.4);
        measure(curve, stack, 105'500'000, "perplexity", 20.4, 0.6);
        measure(curve, dense, 270'000'000, "perplexity", 20.0, 0.6);
        measure(bench, stack, 60'800'000, "prompt_tokens_per_second", 900);
        measure(bench, stack, 60'800'000, "generate_tokens_per_second", 120.5);
        measure(other, stack, 60'800'000, "perplexity", 90);
        check(store.finishRun(curve, RunState::Done));
        check(store.finishRun(bench, RunState::Done));
        check(store.finishRun(failed, RunState::Failed, "the text is missing"));
        check(store.setRunNote(bench, "with the fan, off"));
    }

    std::int64_t run(const std::string& kind, const std::string& settings,
                     const std::string& machine = "laptop")
    {
        RunRecord record;
        record.kind = kind;
        record.model = model;
        record.artifact = stack;
        record.modelPath = "/models/demo.bitstack";
        record.settings = settings;
        record.machine = machine;
        return got(store.startRun(record));
    }

    void measure(std::int64_t run, std::int64_t artifact, std::uint64_t bytes,
                 const std::string& metric, double value, std::optional<double> error = {})
    {
        MeasurementRecord m;
        m.run = run;
        m.artifact = artifact;
        m.fileBytes = bytes;
        m.metric = metric;
        m.value = value;
        m.error = error;
        m.dataHash = metric == "generate_tokens_per_second" ? "" : "abcdef";
        m.context = 2048;
        got(store.addMeasurement(m));
    }

    /// Ids and sizes (in MB) of what a line finds: "1:60 1:105".
    std::string find(const std::string& line, RunColumn sorted = RunColumn::Id,
                     bool descending = false)
    {
        const RunTable table = got(store.runTable());
        const RunView view = viewOf(table, got(RunFilter::parse(line)), sorted, descending);
        std::string text;
        for (const std::uint32_t at : view.points)
            text += (text.empty() ? "" : " ") + std::to_string(table[at].run->id) + ":" +
                    std::to_string(table[at].fileBytes / 1'000'000);
        return text;
    }
};

const std::string kAll = "1:60 1:105 1:270 2:60 3:0 4:60";

} // namespace

TEST_CASE("the run table has a row for every size, and one for a run without any")
{
    Lab lab;
    const RunTable table = got(lab.store.runTable());
    REQUIRE(table.size() == 6);
    CHECK(table[0].run->id == lab.other); // newest first
    const RunPoint& failed = table[1];
    CHECK(failed.fileBytes == 0);
    CHECK(failed.run->state == "failed");
    CHECK(failed.run->error == "the text is missing");
    CHECK(failed.file->method == "nested"); // what it was asked for
    const RunPoint& bench = table[2];
    CHECK(bench.tokensPerSecond == 120.5);
    CHECK_FALSE(bench.perplexity);
    CHECK(bench.run->note == "with the fan, off");
    const RunPoint& point = table[3];
    CHECK(point.perplexity == 23.3);
    CHECK(point.perplexityError == 0.7);
    CHECK(point.kld == 0.02);
    CHECK(point.sameTop == 0.91);
    CHECK(point.context == 2048);
    CHECK(point.run->data == "wiki.txt (abcd)");
    CHECK(point.run->sweep == "widths");
    CHECK(point.run == table[5].run);
    CHECK_FALSE(point.dense());
    CHECK(table[5].dense());
    CHECK(table[5].file->path == "/models/Demo.gguf");
}

TEST_CASE("a filter line finds what it says")
{
    Lab lab;
    struct Row
    {
        const char* line;
        const char* found;
    };
    const std::array<Row, 31> rows{{{"", kAll.c_str()},
                                    {"   ", kAll.c_str()},
                                    {"BENCH", "2:60"},
                                    {"wiki", "1:60 1:105 1:270"},
                                    {"über", "4:60"},
                                    {"demo.bitstack", "1:60 1:105 2:60 3:0 4:60"},
                                    {"\"the fan, off\"", "2:60"},
                                    {"nothing", ""},
                                    {"codec:NESTED", "1:60 1:105 2:60 3:0 4:60"},
                                    {"method:dense", "1:270"},
                                    {"model=demo", ""},
                                    {"model=demo.gguf", kAll.c_str()},
                                    {"state!=done", "3:0 4:60"},
                                    {"note:\"fan, off\"", "2:60"},
                                    {"sweep:widths ppl<21", "1:105 1:270"},
                                    {"ppl<20.4", "1:270"},
                                    {"ppl<=20.4", "1:105 1:270"},
                                    {"ppl=20", "1:105 1:270"},
                                    {"ppl=20.0", "1:270"},
                                    {"ppl!=90", "1:60 1:105 1:270"},
                                    {"size<100MB", "1:60 2:60 4:60"},
                                    {"size:60.8MB", "1:60 2:60 4:60"},
                                    {"size>=105.5MB", "1:105 1:270"},
                                    {"top>90%", "1:60"},
                                    {"top=91%", "1:60"},
                                    {"speed>100", "2:60"},
                                    {"id:4", "4:60"},
                                    {"-machine:laptop", "4:60"},
                                    {"-ppl<50", "2:60 3:0 4:60"},
                                    {"started>=2026 started<9999", kAll.c_str()},
                                    {"kld>0 -wiki", ""}}};
    for (const Row& row : rows) {
        CAPTURE(row.line);
        CHECK(lab.find(row.line) == row.found);
    }
}

TEST_CASE("a day finds what began on it")
{
    Lab lab;
    const std::string day = got(lab.store.showRun(1)).started.substr(0, 10);
    CHECK(lab.find("started=" + day) == kAll);
    CHECK(lab.find("started<=" + day) == kAll);
    CHECK(lab.find("started>" + day).empty());
}

TEST_CASE("a line that cannot be read says where and what would be right")
{
    struct Row
    {
        const char* line;
        const char* said;
    };
    const std::array<Row, 9> rows{
        {{"demo pl<20", "'pl<20': there is no column 'pl'; there are id, file, codec"},
         {"http://x", "there is no column 'http'"},
         {"ppl<", "'ppl<': nothing stands behind the sign"},
         {"ppl<abc", "'ppl<abc': 'abc' is no number"},
         {"ppl<nan", "'nan' is no number"},
         {"ppl<2x", "'2x' is no number"},
         {"size<100QB", "'100QB' is no size, such as 100MB"},
         {"kind<5", "'kind<5': kind is a text; write kind:5 or kind=5"},
         {"a \"b c", "'\"b c': the quote has no end"}}};
    for (const Row& row : rows) {
        CAPTURE(row.line);
        const Result<RunFilter> parsed = RunFilter::parse(row.line);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == ErrorCode::Usage);
        CAPTURE(parsed.error().message);
        CHECK(parsed.error().message.find(row.said) != std::string::npos);
    }
}

TEST_CASE("sorting puts what was not measured last, either way")
{
    Lab lab;
    CHECK(lab.find("", RunColumn::Perplexity) == "1:270 1:105 1:60 4:60 3:0 2:60");
    CHECK(lab.find("", RunColumn::Perplexity, true) == "4:60 1:60 1:105 1:270 3:0 2:60");
    CHECK(lab.find("", RunColumn::Machine) == "3:0 2:60 1:60 1:105 1:270 4:60");
    CHECK(lab.find("size>0", RunColumn::Size, true) == "1:270 1:105 4:60 2:60 1:60");
}

TEST_CASE("columns differ where two of the rows shown do")
{
    Lab lab;
    const RunTable table = got(lab.store.runTable());
    const auto differing = [&](const char* line) {
        return viewOf(table, got(RunFilter::parse(line)), RunColumn::Id, false).differing;
    };
    const auto has = [](const auto& columns, RunColumn column) {
        return columns[static_cast<std::size_t>(column)];
    };
    const auto all = differing("");
    CHECK(has(all, RunColumn::Id));
    CHECK(has(all, RunColumn::Machine));
    CHECK_FALSE(has(all, RunColumn::Model));
    const auto curve = differing("id:1 codec:nested");
    CHECK(has(curve, RunColumn::Size));
    CHECK(has(curve, RunColumn::SameTop)); // one has it, the other not
    CHECK_FALSE(has(curve, RunColumn::Machine));
    CHECK_FALSE(has(curve, RunColumn::Codec));
    CHECK(differing("id:1 codec:dense").none());
    CHECK(differing("nothing").none());
}

TEST_CASE("rows leave as CSV and for the clipboard")
{
    Lab lab;
    const RunTable table = got(lab.store.runTable());
    const std::vector<std::uint32_t> points{2, 3};
    const std::vector<RunColumn> columns{RunColumn::Id, RunColumn::Size, RunColumn::SameTop,
                                         RunColumn::Note};
    CHECK(runTableText(table, points, columns, ',') == "run,file_bytes,same_top,note\r\n"
                                                       "2,60800000,,\"with the fan, off\"\r\n"
                                                       "1,60800000,0.91,\r\n");
    CHECK(runTableText(table, points, {RunColumn::Id, RunColumn::Note}, '\t') ==
          "run\tnote\n2\twith the fan, off\n1\t\n");
}

TEST_CASE("removed runs are in no list, chart or export, and come back until they are purged")
{
    Lab lab;
    const auto perplexities = [&] { return got(lab.store.curve({})).size(); };
    const std::size_t before = perplexities();
    check(lab.store.removeRuns({lab.curve, lab.failed}));
    CHECK(lab.find("") == "2:60 4:60");
    CHECK(got(lab.store.listRuns()).size() == 2);
    CHECK(got(lab.store.exportRuns(ExportFormat::Csv)).find("105500000") == std::string::npos);
    CHECK(perplexities() == before - 2);
    check(lab.store.restoreRuns({lab.curve, lab.failed}));
    CHECK(lab.find("") == kAll);
    CHECK(perplexities() == before);

    check(lab.store.removeRuns({lab.curve}));
    CHECK(got(lab.store.purgeRuns("2026-01-01")) == 0);
    CHECK(got(lab.store.purgeRuns("9999-01-01")) == 1);
    CHECK(lab.store.restoreRuns({lab.curve}).error().code == ErrorCode::Usage);
    CHECK(got(lab.store.measurements(lab.curve)).empty());
    CHECK(lab.find("") == "2:60 3:0 4:60");
}

TEST_CASE("of several runs to remove either all go or none")
{
    Lab lab;
    const Result<void> refused = lab.store.removeRuns({lab.curve, 77});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("no run 77") != std::string::npos);
    CHECK(lab.find("") == kAll);
}

TEST_CASE("a newer measurement of a removed run gives way to the older one")
{
    Lab lab;
    const std::int64_t again = lab.run("perplexity", "{}");
    lab.measure(again, lab.stack, 105'500'000, "perplexity", 99);
    const auto value = [&] {
        for (const CurvePoint& point : got(lab.store.curve({})))
            if (point.fileBytes == 105'500'000) return point.value;
        return 0.0;
    };
    CHECK(value() == 99);
    check(lab.store.removeRuns({again}));
    CHECK(value() == 20.4);
}

TEST_CASE("a note is one for each run")
{
    Lab lab;
    check(lab.store.setRunNote(lab.bench, "other"));
    CHECK(lab.find("note:other") == "2:60");
    CHECK(lab.find("note:fan").empty());
    check(lab.store.setRunNote(lab.bench, ""));
    CHECK(lab.find("note:other").empty());
    CHECK(lab.store.setRunNote(77, "x").error().message.find("no run 77") != std::string::npos);
}

TEST_CASE("runs whose program is gone fail with its reason")
{
    Lab lab;
    const std::string since = got(lab.store.showRun(lab.other)).started;
    CHECK(got(lab.store.abandonRuns("/models/demo.bitstack", "9999", "killed")) == 0);
    CHECK(got(lab.store.abandonRuns("/models/x.bitstack", since, "killed")) == 0);
    CHECK(got(lab.store.abandonRuns("/models/demo.bitstack", since, "killed")) == 1);
    const RunRecord run = got(lab.store.showRun(lab.other));
    CHECK(run.state == RunState::Failed);
    CHECK(run.error == "killed");
    CHECK_FALSE(run.finished.empty());
    CHECK(got(lab.store.showRun(lab.bench)).state == RunState::Done);
}

TEST_CASE("a database of version 2 keeps its runs, and a copy of itself")
{
    const TempFolder folder;
    const std::string path = folder.file("t.sqlite");
    {
        Database old = got(Database::open(path));
        check(migrate(old, schemaSteps().first(2)));
        check(old.execute("INSERT INTO models VALUES (1, 'h', '/m.gguf', 'llama', 5);"
                          "INSERT INTO runs (kind, model, model_path, settings, version, machine, "
                          "device, started, state) VALUES ('perplexity', 1, '/m.gguf', '{}', '0', "
                          "'here', 'cpu', '2026-11-20T10:00:00.000Z', 'done');"
                          "INSERT INTO notes (run, content, created) VALUES (1, 'kept', '');"));
    }
    Store store = got(Store::open(path));
    CHECK(std::filesystem::exists(path + ".v2.bak"));
    const RunTable table = got(store.runTable());
    REQUIRE(table.size() == 1);
    CHECK(table[0].run->note == "kept");
    CHECK(table[0].run->started == "2026-11-20T10:00:00.000Z");
    check(store.removeRuns({1}));
    CHECK(got(store.runTable()).empty());
    check(store.restoreRuns({1}));
    CHECK(got(store.listRuns()).size() == 1);
}
