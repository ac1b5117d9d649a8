#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bs {

/// A model, by the hash of its weights.
struct ModelRecord
{
    std::string hash;
    std::string path; ///< where it was seen last
    std::string architecture;
    std::uint64_t parameters = 0;
};

/// A file made from a model (or the model's own file: method "dense"), by its hash.
struct ArtifactRecord
{
    std::string hash;
    std::int64_t model = 0; ///< id of the model it was made from
    std::string method;     ///< "dense", or the codec: "bitstack"
    std::string settings;   ///< JSON: rank, blocks, calibration
    std::string path;
    std::uint64_t bytes = 0;
};

enum class RunState { Running, Done, Failed, Canceled };
/// "running", "done", "failed", "canceled": these words reach disk.
const char* nameOf(RunState state);

/// What was done with which inputs. `id`, `started`, `finished` and `state` are the store's.
struct RunRecord
{
    std::int64_t id = 0;
    std::string kind;                     ///< "perplexity", "bench"
    std::optional<std::int64_t> model;    ///< id
    std::optional<std::int64_t> artifact; ///< id
    std::string modelPath;                ///< of that model or artifact, for people
    std::string settings;                 ///< JSON
    std::string version;                  ///< of the program
    std::string machine;
    std::string device;
    std::optional<std::int64_t> seed;
    std::string started;  ///< UTC, "2026-11-23T03:00:00Z"
    std::string finished; ///< empty while it runs
    RunState state = RunState::Running;
    std::string error; ///< why it failed
};

/// One number with its error bar and what it was measured on.
struct MeasurementRecord
{
    std::int64_t run = 0;
    std::optional<std::int64_t> artifact;     ///< id
    std::optional<std::uint64_t> budgetBytes; ///< as asked for
    std::optional<std::uint64_t> depth;       ///< as asked for
    std::uint64_t fileBytes = 0;              ///< size on disk of what was measured
    std::uint64_t weightBytes = 0;            ///< resident as weights
    std::string metric;                       ///< "perplexity", "kld_mean"
    double value = 0;
    std::optional<double> error;    ///< standard error
    std::optional<std::uint64_t> n; ///< how many samples
    std::string dataHash;           ///< of the text
    std::optional<std::uint64_t> context;
    std::string scored; ///< "half", "all" or empty
};

/// A point of a chart: a measurement with everything that tells curves apart.
struct CurvePoint
{
    std::int64_t run = 0;
    std::string metric;
    std::optional<std::uint64_t> budgetBytes;
    std::optional<std::uint64_t> depth;
    std::uint64_t fileBytes = 0;
    std::uint64_t weightBytes = 0;
    double value = 0;
    std::optional<double> error;
    std::uint64_t n = 0;
    std::string modelHash;
    std::string modelPath;
    std::string method; ///< "dense" is the uncompressed model
    std::string artifactHash;
    std::string artifactPath;
    std::string dataHash;
    std::uint64_t context = 0;
    std::string scored;

    bool dense() const { return method == "dense"; }
};

/// Which points a chart wants; an empty field means any.
struct CurveQuery
{
    std::string metric = "perplexity";
    std::string modelHash;
    std::string artifactHash;
    std::string dataHash;
};

/// A recipe that was given a name: the plan it made at a size, and the rules that make it at
/// others.
struct PlanRecord
{
    std::int64_t id = 0;
    std::string artifactHash; ///< of the stack it is for
    std::string name;         ///< no two of a stack's are alike
    std::vector<std::uint32_t> depths;
    std::vector<std::string> rules; ///< "v_proj=6"
    std::uint64_t fileBytes = 0;    ///< of the plan
    std::string created;
};

/// How fast a model answered at a size.
struct SpeedRecord
{
    bool answer = false; ///< of a conversation; else measured by a benchmark
    std::string path;    ///< of the file
    std::uint64_t fileBytes = 0;
    double tokensPerSecond = 0;
    std::uint64_t n = 0; ///< tokens of the answer, repetitions of the benchmark
    std::string when;    ///< UTC
};

/// A conversation without its messages.
struct ConversationRecord
{
    std::int64_t id = 0;
    std::string title;
    std::string modelPath;                   ///< of the model it was begun with
    std::string modelHash;                   ///< of that model's weights; may be empty
    std::string system;                      ///< what the model is told first; may be empty
    std::optional<std::string> chatTemplate; ///< instead of the model's own
    std::optional<std::int64_t> leaf;        ///< the last message shown; none: nothing is
    std::string created;
    std::string changed;
    std::string found; ///< of a search its title does not hold: the text around the first hit
};

/// The size of the model from a token of an answer on.
struct SizeChange
{
    std::uint64_t token = 0;     ///< index of the first token made at this size
    std::uint64_t fileBytes = 0; ///< the budget
};

/// How an answer came about.
struct AnswerRecord
{
    std::string modelPath;
    std::uint64_t fileBytes = 0; ///< the budget when it ended
    std::uint64_t weightBytes = 0;
    std::uint64_t tokens = 0;
    double tokensPerSecond = 0;
    std::uint64_t contextUsed = 0; ///< tokens
    std::uint64_t context = 0;     ///< tokens the context holds
    std::string stopReason;        ///< "eos", "length", "context", "stopped", "failed"
    bool mixed = false;
    std::uint64_t droppedMessages = 0; ///< oldest ones that did not fit the context
    std::string notice;
    std::string error; ///< why it was broken off
    std::uint64_t maxTokens = 0;
    double temperature = 0;
    std::uint64_t topK = 0;
    double topP = 0;
    double minP = 0;
    double repeatPenalty = 0;
    std::optional<std::uint64_t> seed; ///< not known of answers from before it was kept
    std::vector<SizeChange> sizes;     ///< the first one at token 0, then every change
};

/// One message of a conversation's tree: other versions of it have the same parent.
struct MessageRecord
{
    std::int64_t id = 0;
    std::int64_t conversation = 0;
    std::optional<std::int64_t> parent; ///< the message it follows; none: it begins
    std::string role;                   ///< "system", "user", "assistant"
    std::string content;
    bool partial = false; ///< an answer that was not brought to its end
    std::string created;
    std::optional<AnswerRecord> answer;
};

} // namespace bs
