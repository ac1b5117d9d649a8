// A worker that speaks core/jobs/PROTOCOL.md from a script, for tests of the window: it loads
// nothing, computes nothing, and dies when it is told to.
//
// FAKE_WORKER_SCRIPT names a JSON file; every field is optional:
//   "text": what an answer says, instead of the same words over and over
//   "tokens": how many an answer has, "token_ms": how long one takes
//   "small_text": the answer at less than "small_below" bytes of a stack; what is another in it has
//   other ids
//   "weight_bytes": what weigh says that any size takes in memory
//   "keep_bytes": the size that keeps an answer; 0: none does
//   "job_ms": how long compress takes, and one size of measure
//   "unreadable": a method whose requests are refused as messages, so without an id
//   "job_threads": so many threads compute meanwhile, as compressing does
//   "free_memory_file": a file that says how much memory is free
//   "slide_ms": how long a slide takes while no answer is made
//   "deaf": a job does not stop when it is canceled
//   "free_disk_bytes": what the forecast says is free
//   "source_path": what a stack says it was made from
//   "devices": the cards of "hello", beside the processor; models run on the first of them unless
//   another device is asked for
//   "device_notice": what "state" says of that; models run on the processor then
//   "looked_tokens": how many tokens token_divergence has
//   "predictions": how many sizes a stack was predicted and measured at when it was made
//   "die_after_tokens": SIGKILL itself then, once; "die_marker": the file that remembers that it
//   did "die_on_open_above": SIGKILL itself when a stack is opened at more bytes than that "log": a
//   file that gets one line for every request
// A file whose name begins with "bad" is refused, one that does not exist is missing; "*.bitstack" is
// a stack.
#include "core/store/store.h"
#include "tests/support/fake_charts.h"
#include "tests/support/fake_compare.h"
#include "tests/support/fake_recipe.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

namespace {

using nlohmann::json;

constexpr std::int64_t kSmallest = 74'500'000;
constexpr std::int64_t kLargest = 149'000'000;
constexpr std::int64_t kStep = 500'000;
constexpr std::int64_t kMatrices = 210;
constexpr int kBlocks = 8;
constexpr const char* kProcessor = "cpu (scripted, 1 thread)";
constexpr std::int64_t kStackSteps = kMatrices * (kBlocks - 1); // after the smallest size

struct Failure
{
    int code;
    std::string message;
};

/// Threads that compute for as long as it lives.
class Burning
{
public:
    explicit Burning(int threads)
    {
        for (int i = 0; i < threads; ++i)
            m_threads.emplace_back([](const std::stop_token& stop) {
                volatile double value = 1;
                while (!stop.stop_requested())
                    value = value * 1.0000001;
            });
    }

private:
    std::vector<std::jthread> m_threads;
};

class FakeWorker
{
public:
    FakeWorker()
    {
        const char* const path = std::getenv("FAKE_WORKER_SCRIPT");
        if (path != nullptr) {
            std::ifstream in(path);
            m_script = json::parse(in, nullptr, false);
        }
        if (!m_script.is_object()) m_script = json::object();
    }

    int run()
    {
        std::thread jobs([this] { work(); });
        std::string line;
        while (std::getline(std::cin, line))
            receive(json::parse(line));
        {
            const std::lock_guard lock(m_mutex);
            m_ended = true;
        }
        m_canceled = true;
        m_wake.notify_all();
        jobs.join();
        return 0;
    }

private:
    void receive(const json& message)
    {
        const std::string method = message["method"];
        if (m_script.contains("log"))
            std::ofstream(m_script["log"].get<std::string>(), std::ios::app)
                << method << ' ' << message["params"].dump() << '\n';
        if (m_script.value("unreadable", std::string()) == method) {
            send({{"jsonrpc", "2.0"},
                  {"id", nullptr},
                  {"error", {{"code", -32700}, {"message", "the text is too long"}}}});
        } else if (method == "cancel") {
            answer(message, {{"canceled", cancel(message["params"]["id"].get<std::int64_t>())}});
        } else if (method == "slide" && m_running != 0) {
            slide(message["params"]);
            m_slid = true;
            answer(message, {{"state", state()}});
        } else if (method == "status" && m_running != 0) {
            answer(message, {{"state", state()}});
        } else {
            const std::lock_guard lock(m_mutex);
            m_queue.push_back(message);
            m_wake.notify_all();
        }
    }

    /// Also a request that is not begun yet.
    bool cancel(std::int64_t id)
    {
        const std::lock_guard lock(m_mutex);
        const bool waits = std::any_of(m_queue.begin(), m_queue.end(),
                                       [id](const json& queued) { return queued["id"] == id; });
        if (waits) m_canceledEarly = id;
        if (id == m_running && !m_script.value("deaf", false)) m_canceled = true;
        return waits || id == m_running;
    }

    void work()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            m_wake.wait(lock, [this] { return m_ended || !m_queue.empty(); });
            if (m_ended) return;
            const json message = m_queue.front();
            m_queue.pop_front();
            m_running = message["id"].get<std::int64_t>();
            m_canceled = m_canceledEarly == m_running;
            lock.unlock();
            try {
                const json result = handle(message["method"], message["params"]);
                m_running = 0;
                answer(message, result);
            } catch (const Failure& failure) {
                m_running = 0;
                send({{"jsonrpc", "2.0"},
                      {"id", message["id"]},
                      {"error", {{"code", failure.code}, {"message", failure.message}}}});
            } catch (const std::exception& failure) {
                m_running = 0;
                send({{"jsonrpc", "2.0"},
                      {"id", message["id"]},
                      {"error", {{"code", 3}, {"message", failure.what()}}}});
            }
            lock.lock();
        }
    }

    json handle(const std::string& method, const json& params)
    {
        if (method == "hello")
            return {{"protocol", 1},  {"version", "0.1.0"},   {"kernels", "none"},
                    {"threads", 1},   {"device", kProcessor}, {"devices", devices()},
                    {"pid", getpid()}};
        if (method == "inspect") return card(params["path"]);
        if (method == "open") return open(params);
        if (method == "status" || method == "slide") {
            if (method == "slide" && m_script.contains("slide_ms"))
                std::this_thread::sleep_for(std::chrono::milliseconds(m_script["slide_ms"]));
            if (method == "slide") slide(params);
            return {{"state", state()}};
        }
        if (method == "sizes") return sizes(params["points"]);
        if (method == "stack") return stack(params);
        if (method == "plan") return fake::planned(params, plan(m_budget), kSmallest);
        if (method == "tensors") return fake::tensorList(params);
        if (method == "tensor") {
            card(params["path"]); // is it still there?
            return fake::tensor(params);
        }
        if (method == "generate") return generate(params);
        if (method == "reset_context") {
            m_used = 0;
            return json::object();
        }
        if (method == "render_template") return renderTemplate(params);
        if (method == "weigh") return weigh(params);
        if (method == "score") return fakeScores(params, m_budget);
        if (method == "keep") {
            if (!pass("trying sizes", 0, 1)) throw Failure{130, "stopped by the user"};
            return fakeKept(params, m_script.value("keep_bytes", std::int64_t{80'000'000}));
        }
        if (method == "forecast")
            return {{"seconds", 95.0},
                    {"disk_bytes", 310'000'000},
                    {"free_disk_bytes",
                     m_script.value("free_disk_bytes", std::int64_t{50'000'000'000})},
                    {"peak_bytes", 900'000'000},
                    {"file_bytes", kLargest}};
        if (method == "compress") return compress(params);
        if (method == "measure") return measure(params);
        if (method == "token_divergence") {
            if (!pass("evaluating", 0, 1)) throw Failure{130, "stopped by the user"};
            return bs::test::tokenDivergence(params, m_script.value("looked_tokens", 40));
        }
        if (method == "export_forecast" || method == "export")
            return {{"bytes", params["type"] == "Q8_0" ? 144'800'000 : 270'900'000},
                    {"files", json::array({params["output"]})}};
        throw Failure{-32601, "unknown method " + method};
    }

    /// A template that holds "bad" is one, in the line of the word.
    static json renderTemplate(const json& params)
    {
        const std::string own = "{{ own }}\nTEMPLATE";
        const std::string text =
            params["template"].is_null() ? own : params["template"].get<std::string>();
        const std::size_t bad = text.find("bad");
        if (bad == std::string::npos)
            return {{"template", text},
                    {"text", "[" + text + "] " + params["messages"].back().value("content", "")},
                    {"tokens", text.size()},
                    {"error", nullptr},
                    {"line", nullptr}};
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(bad), '\n');
        return {{"template", text},
                {"text", nullptr},
                {"tokens", nullptr},
                {"error", "chat template: line " + std::to_string(line) + ": bad is unknown"},
                {"line", line}};
    }

    json devices() const
    {
        json all = json::array({{{"id", "cpu"},
                                 {"name", kProcessor},
                                 {"free_bytes", freeMemory()},
                                 {"total_bytes", nullptr}}});
        for (const json& card : m_script.value("devices", json::array()))
            all.push_back(card);
        return all;
    }

    /// Where a model runs that is opened with this "device".
    std::string placeOf(const std::string& wish) const
    {
        const json cards = m_script.value("devices", json::array());
        const bool any = wish == "auto" || wish == "cuda";
        for (const json& card : cards)
            if ((any && !m_script.contains("device_notice")) || card["id"] == wish)
                return card["id"].get<std::string>() + " (" + card["name"].get<std::string>() + ")";
        if (wish == "auto" || wish == "cpu") return kProcessor;
        throw Failure{2, "there is no card " + wish + "; there are " +
                             std::to_string(cards.size()) + ", counted from 0"};
    }

    static bool isStack(const std::string& path) { return path.ends_with(".bitstack"); }

    json card(const std::string& path)
    {
        if (!std::filesystem::exists(path))
            throw Failure{3, path + ": cannot be opened (No such file or directory)"};
        if (std::filesystem::path(path).filename().string().starts_with("bad"))
            throw Failure{3, path + ": no GGUF file: it begins with 62616421, not 47475546"};
        json c{{"path", path},
               {"format", isStack(path) ? "bitstack" : "GGUF v3"},
               {"architecture", "llama"},
               {"parameters", 134'515'008},
               {"bytes", isStack(path) ? kLargest : 98'300'000},
               {"dtype", isStack(path) ? "blocks, f16" : "Q4_1"},
               {"truncated", false},
               {"tokenizer", "gpt2, 49152 tokens"},
               {"codec", nullptr},
               {"layers", 30},
               {"width", 576},
               {"context_length", 8192},
               {"vocabulary", 49152},
               {"kv_bytes_per_token", 23040},
               {"hash", "fake-model"},
               {"artifact_hash", isStack(path) ? "fake-stack" : "fake-model"},
               {"source_path", nullptr},
               {"stack", nullptr}};
        if (isStack(path)) {
            c["source_path"] = m_script.value("source_path", json());
            c["codec"] = "bitstack";
            c["stack"] = {{"matrices", 210},
                          {"blocks", 1680},
                          {"smallest_bytes", kSmallest},
                          {"largest_bytes", kLargest}};
        }
        return c;
    }

    static std::int64_t fit(std::int64_t budget)
    {
        if (budget < kSmallest)
            throw Failure{4, "a budget of " + std::to_string(budget) +
                                 " bytes is below the smallest plan, " + std::to_string(kSmallest) +
                                 " bytes"};
        return kSmallest + (std::min(budget, kLargest) - kSmallest) / kStep * kStep;
    }

    void slide(const json& params)
    {
        m_budget = fit(params["budget_bytes"].get<std::int64_t>());
        const std::lock_guard lock(m_rulesMutex);
        m_rules = params.value("rules", json::array());
    }

    json rules() const
    {
        const std::lock_guard lock(m_rulesMutex);
        return m_rules;
    }

    static std::int64_t depth(std::int64_t bytes)
    {
        return 1 + (bytes - kSmallest) * 7 / (kLargest - kSmallest);
    }

    json open(const json& params)
    {
        const json opened = card(params["path"]);
        const std::string wish = params.value("device", "auto");
        m_device = placeOf(wish);
        m_otherWish = wish != "auto";
        m_path = params["path"];
        m_context = params["context"];
        m_budget = !isStack(m_path) ? 98'300'000
                   : params["budget_bytes"].is_null()
                       ? kLargest
                       : fit(params["budget_bytes"].get<std::int64_t>());
        m_used = 0;
        if (isStack(m_path) && m_budget > m_script.value("die_on_open_above", kLargest))
            std::raise(SIGKILL);
        return {{"card", opened}, {"state", state()}};
    }

    /// What the file that the script names says, if it is there; tests change it meanwhile.
    std::int64_t freeMemory() const
    {
        std::int64_t bytes = 22'900'000'000;
        std::ifstream(m_script.value("free_memory_file", std::string())) >> bytes;
        return bytes;
    }

    json state() const
    {
        const std::int64_t bytes = m_budget;
        const bool stack = isStack(m_path);
        return {{"loaded", !m_path.empty()},
                {"path", m_path},
                {"device", m_path.empty() ? json() : json(m_device)},
                {"device_notice",
                 m_path.empty() || m_otherWish ? json() : m_script.value("device_notice", json())},
                {"budget_bytes", bytes},
                {"file_bytes", bytes},
                {"weight_bytes", bytes - 2'000'000},
                {"kv_bytes", m_context * 23040},
                {"rss_bytes", bytes + 70'000'000},
                {"free_memory_bytes", freeMemory()},
                {"memory_pressure", 0.0},
                {"depth_min", stack ? depth(bytes) : 0},
                {"depth_max", stack ? depth(bytes) + 1 : 0},
                {"context", m_context.load()},
                {"context_used", m_used.load()},
                {"plan", stack ? fake::underRules(plan(bytes), rules()) : json(nullptr)}};
    }

    /// Matrices get their blocks one after another, depth after depth.
    static json plan(std::int64_t bytes)
    {
        const std::int64_t steps = (bytes - kSmallest) * kStackSteps / (kLargest - kSmallest);
        json depths = json::array();
        for (std::int64_t m = 0; m < kMatrices; ++m)
            depths.push_back(1 + steps / kMatrices + (m < steps % kMatrices ? 1 : 0));
        return depths;
    }

    json stack(const json& params) const
    {
        const std::string path = params.value("path", m_path);
        if (!isStack(path)) throw Failure{2, path + ": \"stack\" needs a .bitstack file"};
        static constexpr std::array kClasses{"q_proj",    "k_proj",  "v_proj",   "o_proj",
                                             "gate_proj", "up_proj", "down_proj"};
        json matrices = json::array();
        json order = json::array();
        for (std::int64_t m = 0; m < kMatrices; ++m) {
            const std::string name = kClasses[static_cast<std::size_t>(m) % kClasses.size()];
            matrices.push_back({{"name", "model.layers." + std::to_string(m / 7) + "." + name},
                                {"layer", m / 7},
                                {"class", name},
                                {"rows", 576},
                                {"cols", 1112},
                                {"linear", true},
                                {"block_bytes", json::array()},
                                {"gains", json::array()}});
            for (int block = 0; block < kBlocks; ++block) {
                matrices.back()["block_bytes"].push_back((kLargest - kSmallest) / kStackSteps);
                matrices.back()["gains"].push_back(gain(m, block));
            }
        }
        json sizes = json::array();
        json left = json::array();
        double rest = 0;
        for (std::int64_t i = kStackSteps; i >= 0; --i) {
            sizes.push_back(kSmallest + (kLargest - kSmallest) * (kStackSteps - i) / kStackSteps);
            left.insert(left.begin(), rest);
            rest +=
                i > 0 ? gain((i - 1) % kMatrices, static_cast<int>((i - 1) / kMatrices) + 1) : 0;
        }
        for (int depth = 1; depth <= kBlocks; ++depth)
            for (std::int64_t m = 0; m < kMatrices; ++m)
                order.push_back({m, depth});
        return {{"path", path},
                {"codec", "bitstack"},
                {"parameters", 134'515'008},
                {"layers", 30},
                {"matrices", matrices},
                {"order", order},
                {"smallest_count", kMatrices},
                {"file_bytes", sizes},
                {"gain_left", left},
                {"predicted", predicted()},
                {"marks",
                 {{{"kind", "depth"}, {"name", "4"}, {"file_bytes", 106'428'571}},
                  {{"kind", "peer"}, {"name", "Q4_K_M"}, {"file_bytes", 103'500'000}}}}};
    }

    static double gain(std::int64_t matrix, int block)
    {
        return 0.002 * (1 + 0.2 * static_cast<double>(matrix % 7)) * std::exp(-1.3 * block);
    }

    json predicted() const
    {
        json list = json::array();
        for (int i = 0; i < m_script.value("predictions", 4); ++i) {
            const double rise = 0.8 * std::exp(-1.1 * i);
            list.push_back({{"budget_bytes", kSmallest + (kLargest - kSmallest) * i / 3},
                            {"predicted_rise", rise},
                            {"measured_rise", rise * 1.1}});
        }
        return list;
    }

    static json sizes(int points)
    {
        json list = json::array();
        for (int i = 0; i < points; ++i) {
            const std::int64_t bytes = fit(kSmallest + (kLargest - kSmallest) * i / (points - 1));
            list.push_back({{"budget_bytes", bytes},
                            {"file_bytes", bytes},
                            {"weight_bytes", bytes - 2'000'000},
                            {"depth_min", depth(bytes)},
                            {"depth_max", depth(bytes) + 1},
                            {"next_bytes", i + 1 < points ? kStep : 0},
                            {"next_gain", i + 1 < points ? 0.05 / (1 + i) : 0.0}});
        }
        return {{"sizes", list}};
    }

    json weigh(const json& params)
    {
        const std::string path = params["path"];
        const json known = card(path);
        const json budget = params.value("budget_bytes", json());
        const std::int64_t bytes = !isStack(path)     ? 98'300'000
                                   : budget.is_null() ? kLargest
                                                      : fit(budget.get<std::int64_t>());
        return {{"card", known},
                {"file_bytes", bytes},
                {"weight_bytes", m_script.value("weight_bytes", bytes - 2'000'000)},
                {"depth_min", isStack(path) ? json(depth(bytes)) : json()},
                {"depth_max", isStack(path) ? json(depth(bytes) + 1) : json()},
                {"source_path", isStack(path) ? m_script.value("source_path", json()) : json()}};
    }

    /// The scripted answer in pieces of four characters (of ASCII), or words over and over.
    std::vector<std::string> words(const char* field = "text") const
    {
        const std::string text = m_script.value(field, std::string());
        if (text.empty())
            return {"Gravity", " is",      " the",  " force", " that", " pulls",
                    " things", " towards", " each", " other", ".\n"};
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < text.size(); at += 4)
            pieces.push_back(text.substr(at, 4));
        return pieces;
    }

    json generate(const json& params)
    {
        const std::vector<std::string> large = words();
        const bool small =
            isStack(m_path) && m_budget < m_script.value("small_below", std::int64_t{0});
        const std::vector<std::string> all = small ? words("small_text") : large;
        const int most =
            m_script.contains("text") ? static_cast<int>(all.size()) : m_script.value("tokens", 40);
        const int wanted = std::min(most, params["max_tokens"].get<int>());
        std::string text;
        json ids = json::array();
        m_slid = false;
        bool slid = false;
        for (int i = 0; i < wanted && !m_canceled; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(m_script.value("token_ms", 1)));
            if (m_slid.exchange(false)) {
                slid = true;
                notify("state", {{"state", state()}});
            }
            const std::string& word = all[static_cast<std::size_t>(i) % all.size()];
            text += word;
            const bool same = word == large[static_cast<std::size_t>(i) % large.size()];
            ids.push_back(same ? i : 1000 + i);
            m_used = m_used + 1;
            notify("token", {{"id", m_running.load()},
                             {"text", word},
                             {"count", i + 1},
                             {"tokens_per_second", 12.5},
                             {"context_used", m_used.load()}});
            if (i + 1 == m_script.value("die_after_tokens", 0)) dieOnce();
        }
        const bool stopped = m_canceled;
        return {{"text", text},
                {"ids", ids},
                {"prompt_ids", {1, 2, 3}},
                {"stop_reason", stopped ? "stopped" : "eos"},
                {"prompt_tokens", 30},
                {"tokens_per_second", 12.5},
                {"context_used", m_used.load()},
                {"dropped_messages", 0},
                {"weight_bytes", m_budget - 2'000'000},
                {"mixed", slid},
                {"notice", m_script.value("notice", json())}};
    }

    void dieOnce()
    {
        // Of two workers that come here at once, only one makes the file.
        std::FILE* const marker =
            std::fopen(m_script.value("die_marker", std::string()).c_str(), "wx");
        if (marker == nullptr) return;
        std::fclose(marker);
        std::cerr << "fake worker: out of memory" << std::endl;
        std::raise(SIGKILL);
    }

    /// `jobMs` in steps, with progress; false: canceled.
    bool pass(const std::string& phase, int from, int total)
    {
        constexpr int kSteps = 5;
        for (int i = 1; i <= kSteps; ++i) {
            const auto end = std::chrono::steady_clock::now() +
                             std::chrono::milliseconds(m_script.value("job_ms", 50) / kSteps);
            while (!m_canceled && std::chrono::steady_clock::now() < end)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            if (m_canceled) return false;
            notify("progress", {{"id", m_running.load()},
                                {"phase", phase},
                                {"done", from + i * 1.0 / kSteps},
                                {"total", total},
                                {"seconds_left", total - from},
                                {"detail", "layer 3 of 30"}});
        }
        return true;
    }

    json compress(const json& params)
    {
        const Burning burning(m_script.value("job_threads", 0));
        if (!pass("compressing", 0, 2) || !pass("compressing", 1, 2))
            throw Failure{130, "stopped by the user"};
        std::ofstream(params["output"].get<std::string>()) << "fake";
        return {{"file_bytes", kLargest},
                {"matrices", 210},
                {"blocks", 1680},
                {"seconds", 1.5},
                {"peak_bytes", 800'000'000}};
    }

    json measure(const json& params)
    {
        auto store = bs::Store::open(params["database"]);
        if (!store) throw Failure{bs::exitCodeOf(store.error().code), store.error().message};
        bs::Store& db = store.value();
        const auto model =
            db.addModel({"fake-model", "/models/demo.gguf", "llama", 134'515'008}).value();
        const std::string path = params["path"];
        const auto stack =
            db.addArtifact({"fake-stack", model, "bitstack", "{}", path, kLargest}).value();
        const auto dense =
            db.addArtifact({"fake-model", model, "dense", "{}", "/models/demo.gguf", 98'300'000})
                .value();
        bs::RunRecord record;
        record.kind = "perplexity";
        record.model = model;
        record.modelPath = path;
        record.settings =
            json{{"text", params["text"]}, {"sweep", params.value("sweep", "")}}.dump();
        const auto run = db.startRun(record).value();
        std::vector<std::pair<std::int64_t, std::int64_t>> jobs; // artifact, bytes
        if (params["budgets"].empty() && !params["include_dense"].get<bool>())
            jobs.emplace_back(isStack(path) ? stack : dense, 98'300'000);
        for (const json& budget : params["budgets"])
            if (budget >= kSmallest || !params.value("leave_out_smaller", false))
                jobs.emplace_back(stack, fit(budget.get<std::int64_t>()));
        const std::int64_t spread = params.value("spread", std::int64_t{0});
        for (std::int64_t i = 0; i < spread; ++i)
            jobs.emplace_back(stack, fit(kSmallest + (kLargest - kSmallest) * i /
                                                         std::max<std::int64_t>(1, spread - 1)));
        if (params["include_dense"].get<bool>()) jobs.emplace_back(dense, 98'300'000);
        json results = json::array();
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            if (!pass("measuring", static_cast<int>(i), static_cast<int>(jobs.size()))) {
                static_cast<void>(db.finishRun(run, bs::RunState::Canceled));
                throw Failure{130, "stopped by the user"};
            }
            const auto [artifact, bytes] = jobs[i];
            const double x =
                static_cast<double>(bytes - kSmallest) / static_cast<double>(kLargest - kSmallest);
            const double value = artifact == dense ? 20.0 : 20.4 + 26 * std::exp(-4 * x);
            bs::MeasurementRecord m;
            m.run = run;
            m.artifact = artifact;
            m.budgetBytes = static_cast<std::uint64_t>(bytes);
            m.fileBytes = static_cast<std::uint64_t>(bytes);
            m.weightBytes = static_cast<std::uint64_t>(bytes);
            m.metric = "perplexity";
            m.value = value;
            m.error = value * 0.02;
            m.n = 8184;
            m.dataHash = "fake-text";
            m.context = 2048;
            m.scored = "half";
            if (!db.addMeasurement(m)) throw Failure{5, "the measurement could not be stored"};
            if (artifact != dense && !params.value("reference", json()).is_null() &&
                !bs::test::storeDivergence(db, m, x))
                throw Failure{5, "the divergence could not be stored"};
            notify("measured", {{"id", m_running.load()},
                                {"run_id", run},
                                {"budget_bytes", bytes},
                                {"metric", "perplexity"},
                                {"value", value},
                                {"error", value * 0.02}});
            results.push_back({{"budget_bytes", bytes}, {"perplexity", value}});
        }
        static_cast<void>(db.finishRun(run, bs::RunState::Done));
        return {{"run_id", run}, {"results", results}};
    }

    void answer(const json& message, const json& result)
    {
        send({{"jsonrpc", "2.0"}, {"id", message["id"]}, {"result", result}});
    }

    void notify(const std::string& method, const json& params)
    {
        send({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
    }

    void send(const json& message)
    {
        const std::lock_guard lock(m_output);
        std::cout << message.dump() << '\n' << std::flush;
    }

    json m_script;
    std::mutex m_mutex;
    std::mutex m_output;
    std::condition_variable m_wake;
    std::deque<json> m_queue;
    bool m_ended = false;
    std::atomic<bool> m_canceled{false};
    std::atomic<bool> m_slid{false};
    std::atomic<std::int64_t> m_running{0};
    std::int64_t m_canceledEarly = 0; ///< a request that was canceled before it began
    std::atomic<std::int64_t> m_budget{0};
    std::atomic<std::int64_t> m_context{2048};
    std::atomic<std::int64_t> m_used{0};
    std::string m_path;
    std::string m_device;                 ///< that the model runs on
    std::atomic<bool> m_otherWish{false}; ///< than "auto"
    mutable std::mutex m_rulesMutex;
    json m_rules = json::array(); ///< that the last slide came with
};

} // namespace

int main()
{
    return FakeWorker().run();
}
