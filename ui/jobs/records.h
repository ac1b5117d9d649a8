#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace bs::ui {

/// Why a request did not succeed: the command line's exit code and one sentence for people.
struct WorkerError
{
    int code = 1;
    QString message;
    QString details; ///< what a person may paste into a report; may be empty
};

/// Stopped by the user (see ErrorCode::Canceled).
inline constexpr int kCanceledCode = 130;

/// What `inspect` and `open` say about a model (core/jobs/PROTOCOL.md, "card").
struct ModelCard
{
    struct Stack
    {
        qint64 matrices = 0;
        qint64 blocks = 0;
        qint64 smallestBytes = 0;
        qint64 largestBytes = 0;
    };

    QString path;
    QString format;
    QString architecture;
    qint64 parameters = 0;
    qint64 bytes = 0;
    QString dtype;
    bool truncated = false;
    QString tokenizer;
    QString codec; ///< empty for a model that is no stack
    qint64 layers = 0;
    qint64 width = 0;
    qint64 contextLength = 0;
    qint64 vocabulary = 0;
    qint64 kvBytesPerToken = 0;
    QString hash;         ///< of the source model
    QString artifactHash; ///< of this file, empty for a source model
    QString sourcePath;   ///< of a stack: the model it was made from; may be empty
    std::optional<Stack> stack;

    static ModelCard fromJson(const QJsonObject& json);
};

/// What models can run on (PROTOCOL.md, "devices").
struct ComputeDevice
{
    QString id; ///< "cpu", "cuda:0"
    QString name;
    qint64 freeBytes = 0;
    qint64 totalBytes = 0; ///< 0: not known, as of the processor

    bool isCard() const { return id != QLatin1String("cpu"); }
    static QList<ComputeDevice> listFromJson(const QJsonObject& hello);
};

/// What the engine holds (PROTOCOL.md, "state").
struct EngineState
{
    bool loaded = false;
    QString path;
    QString device;       ///< where the model runs; empty without one
    QString deviceNotice; ///< why it is not, or not alone, the card that could be expected
    qint64 budgetBytes = 0;
    qint64 fileBytes = 0;
    qint64 weightBytes = 0;
    qint64 kvBytes = 0;
    qint64 rssBytes = 0;
    qint64 freeMemoryBytes = 0;
    double memoryPressure = 0; ///< share of the last ten seconds spent waiting; 0 if unknown
    qint64 depthMin = 0;
    qint64 depthMax = 0;
    qint64 context = 0;
    qint64 contextUsed = 0;
    QList<int> plan; ///< of a stack: the depth of every matrix

    /// Whether weights, keys and values are all on a card, so that the process's memory is another.
    bool isOnCard() const;
    /// Of the memory that weights come from: what the engine has.
    qint64 heldBytes() const;

    static EngineState fromJson(const QJsonObject& json);
};

/// One prefix of the stack's order.
struct SizePoint
{
    qint64 budgetBytes = 0;
    qint64 fileBytes = 0;
    qint64 weightBytes = 0;
    qint64 depthMin = 0;
    qint64 depthMax = 0;
    qint64 nextBytes = 0; ///< what the next block of the order takes; 0 at the largest size
    double nextGain = 0;  ///< and what it is expected to save

    static QList<SizePoint> listFromJson(const QJsonObject& json);
};

/// How far a long job is.
struct JobProgress
{
    QString phase;
    double done = 0;
    double total = 0;
    double secondsLeft = -1; ///< < 0: unknown
    QString detail;

    static JobProgress fromJson(const QJsonObject& json);
};

/// Tokens of an answer, as they come.
struct TokenPiece
{
    QString text;
    qint64 count = 0;
    double tokensPerSecond = 0;
    qint64 contextUsed = 0;

    static TokenPiece fromJson(const QJsonObject& json);
};

/// A finished answer.
struct Answer
{
    QString text;
    QString stopReason;
    qint64 tokens = 0;
    double tokensPerSecond = 0;
    qint64 contextUsed = 0;
    qint64 droppedMessages = 0;
    qint64 weightBytes = 0;
    bool mixed = false;
    QString notice; ///< what a person should know about the answer; may be empty

    static Answer fromJson(const QJsonObject& json);
};

/// How answers are made.
struct AnswerSettings
{
    int maxTokens = 512;
    double temperature = 0.7;
    int topK = 40;
    double topP = 0.95;
    double minP = 0.05;
    double repeatPenalty = 1.0;
    qint64 seed = -1; ///< < 0: another one for every answer
    QString system;
    std::optional<QString> chatTemplate; ///< instead of the model's own

    QJsonObject toJson() const;
};

/// What a template makes of messages, or why it cannot be run.
struct TemplateCheck
{
    QString chatTemplate; ///< the one that was run
    QString text;         ///< what the model would read
    qint64 tokens = 0;
    QString error; ///< empty: it can be run
    int line = 0;  ///< of the error, from 1; 0: none is known

    static TemplateCheck fromJson(const QJsonObject& json);
};

/// What a compression is asked for.
struct CompressSettings
{
    QString path;
    QString output;
    QString codec = QStringLiteral("nested");
    int rank = 16;
    int blocks = 16;
    QString calibration; ///< a text file; empty: the model writes its own text
    qint64 calibrationTokens = 16384;
    bool force = false;

    QJsonObject toJson() const;
};

/// What it will take.
struct Forecast
{
    double seconds = 0; ///< < 0: not known
    qint64 diskBytes = 0;
    qint64 freeDiskBytes = 0;
    qint64 peakBytes = 0;
    qint64 fileBytes = 0;

    static Forecast fromJson(const QJsonObject& json);
};

/// How the model leaves for other programs.
struct ExportSettings
{
    QString path;
    QString output;
    QString format;         ///< "safetensors", "gguf", "authors", "trim"
    QString type;           ///< "F16", "Q8_0"
    qint64 budgetBytes = 0; ///< 0: everything
    bool force = false;
    QStringList rules; ///< of a recipe

    QJsonObject toJson() const;
};

/// What a measured curve is asked for.
struct MeasureSettings
{
    QString path;
    QString text;
    int context = 2048;
    int chunks = 8;
    QList<qint64> budgets;
    int spread = 0;               ///< so many more sizes, evenly over all of the stack's
    bool leaveOutSmaller = false; ///< budgets below the smallest plan are left out, not refused
    QString sweep;                ///< name of the sweep it is part of; may be empty
    bool includeDense = true;
    QString reference; ///< a model to measure the divergence from; may be empty
    QString database;
    QStringList rules; ///< of a recipe

    QJsonObject toJson() const;
};

} // namespace bs::ui
