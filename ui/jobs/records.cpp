#include "ui/jobs/records.h"

#include "ui/jobs/json_fields.h"

#include <QJsonArray>

#include <algorithm>

namespace bs::ui {

using json::integer;
using json::number;
using json::string;

ModelCard ModelCard::fromJson(const QJsonObject& json)
{
    ModelCard card;
    card.path = string(json, "path");
    card.format = string(json, "format");
    card.architecture = string(json, "architecture");
    card.parameters = integer(json, "parameters");
    card.bytes = integer(json, "bytes");
    card.dtype = string(json, "dtype");
    card.truncated = json.value(QLatin1String("truncated")).toBool();
    card.tokenizer = string(json, "tokenizer");
    card.codec = string(json, "codec");
    card.layers = integer(json, "layers");
    card.width = integer(json, "width");
    card.contextLength = integer(json, "context_length");
    card.vocabulary = integer(json, "vocabulary");
    card.kvBytesPerToken = integer(json, "kv_bytes_per_token");
    card.hash = string(json, "hash");
    card.artifactHash = string(json, "artifact_hash");
    card.sourcePath = string(json, "source_path");
    const QJsonValue stack = json.value(QLatin1String("stack"));
    if (stack.isObject()) {
        const QJsonObject s = stack.toObject();
        card.stack = Stack{integer(s, "matrices"), integer(s, "blocks"),
                           integer(s, "smallest_bytes"), integer(s, "largest_bytes")};
    }
    return card;
}

QList<ComputeDevice> ComputeDevice::listFromJson(const QJsonObject& hello)
{
    QList<ComputeDevice> devices;
    const QJsonArray list = hello.value(QLatin1String("devices")).toArray();
    devices.reserve(list.size());
    for (const QJsonValue& value : list) {
        const QJsonObject d = value.toObject();
        devices.append(ComputeDevice{string(d, "id"), string(d, "name"), integer(d, "free_bytes"),
                                     integer(d, "total_bytes")});
    }
    return devices;
}

bool EngineState::isOnCard() const
{
    // A model that is split has the processor's name behind the card's.
    return device.startsWith(QLatin1String("cuda:")) && !device.contains(QLatin1String("; cpu"));
}

qint64 EngineState::heldBytes() const
{
    const qint64 model = weightBytes + kvBytes;
    return isOnCard() ? model : std::max(model, rssBytes);
}

EngineState EngineState::fromJson(const QJsonObject& json)
{
    EngineState state;
    state.loaded = json.value(QLatin1String("loaded")).toBool();
    state.path = string(json, "path");
    state.device = string(json, "device");
    state.deviceNotice = string(json, "device_notice");
    state.budgetBytes = integer(json, "budget_bytes");
    state.fileBytes = integer(json, "file_bytes");
    state.weightBytes = integer(json, "weight_bytes");
    state.kvBytes = integer(json, "kv_bytes");
    state.rssBytes = integer(json, "rss_bytes");
    state.freeMemoryBytes = integer(json, "free_memory_bytes");
    state.memoryPressure = json.value(QLatin1String("memory_pressure")).toDouble();
    state.depthMin = integer(json, "depth_min");
    state.depthMax = integer(json, "depth_max");
    state.context = integer(json, "context");
    state.contextUsed = integer(json, "context_used");
    const QJsonArray plan = json.value(QLatin1String("plan")).toArray();
    state.plan.reserve(plan.size());
    for (const QJsonValue& depth : plan)
        state.plan.append(depth.toInt());
    return state;
}

QList<SizePoint> SizePoint::listFromJson(const QJsonObject& json)
{
    QList<SizePoint> points;
    const QJsonArray sizes = json.value(QLatin1String("sizes")).toArray();
    points.reserve(sizes.size());
    for (const QJsonValue& value : sizes) {
        const QJsonObject s = value.toObject();
        points.append(SizePoint{integer(s, "budget_bytes"), integer(s, "file_bytes"),
                                integer(s, "weight_bytes"), integer(s, "depth_min"),
                                integer(s, "depth_max"), integer(s, "next_bytes"),
                                number(s, "next_gain")});
    }
    return points;
}

JobProgress JobProgress::fromJson(const QJsonObject& json)
{
    return JobProgress{string(json, "phase"), number(json, "done"), number(json, "total"),
                       number(json, "seconds_left", -1), string(json, "detail")};
}

TokenPiece TokenPiece::fromJson(const QJsonObject& json)
{
    return TokenPiece{string(json, "text"), integer(json, "count"),
                      number(json, "tokens_per_second"), integer(json, "context_used")};
}

Answer Answer::fromJson(const QJsonObject& json)
{
    Answer answer;
    answer.text = string(json, "text");
    answer.stopReason = string(json, "stop_reason");
    answer.tokens = json.value(QLatin1String("ids")).toArray().size();
    answer.tokensPerSecond = number(json, "tokens_per_second");
    answer.contextUsed = integer(json, "context_used");
    answer.droppedMessages = integer(json, "dropped_messages");
    answer.weightBytes = integer(json, "weight_bytes");
    answer.mixed = json.value(QLatin1String("mixed")).toBool();
    answer.notice = string(json, "notice");
    return answer;
}

QJsonObject AnswerSettings::toJson() const
{
    return {{"max_tokens", maxTokens},
            {"temperature", temperature},
            {"top_k", topK},
            {"top_p", topP},
            {"min_p", minP},
            {"repeat_penalty", repeatPenalty},
            {"seed", seed},
            {"chat_template", chatTemplate ? QJsonValue(*chatTemplate) : QJsonValue()}};
}

TemplateCheck TemplateCheck::fromJson(const QJsonObject& json)
{
    return TemplateCheck{string(json, "template"), string(json, "text"), integer(json, "tokens"),
                         string(json, "error"), static_cast<int>(integer(json, "line"))};
}

QJsonObject CompressSettings::toJson() const
{
    return {{"path", path},
            {"output", output},
            {"codec", codec},
            {"rank", rank},
            {"blocks", blocks},
            {"calibration", calibration.isEmpty() ? QJsonValue() : QJsonValue(calibration)},
            {"calibration_tokens", calibrationTokens},
            {"order", "ours"},
            {"resume", true},
            {"force", force}};
}

Forecast Forecast::fromJson(const QJsonObject& json)
{
    return Forecast{number(json, "seconds"), integer(json, "disk_bytes"),
                    integer(json, "free_disk_bytes"), integer(json, "peak_bytes"),
                    integer(json, "file_bytes")};
}

QJsonObject ExportSettings::toJson() const
{
    return {{"path", path},
            {"output", output},
            {"format", format},
            {"type", type},
            {"budget_bytes", budgetBytes > 0 ? QJsonValue(budgetBytes) : QJsonValue()},
            {"rules", QJsonArray::fromStringList(rules)},
            {"force", force}};
}

QJsonObject MeasureSettings::toJson() const
{
    QJsonArray sizes;
    for (const qint64 bytes : budgets)
        sizes.append(bytes);
    return {{"path", path},
            {"text", text},
            {"context", context},
            {"chunks", chunks},
            {"budgets", sizes},
            {"spread", spread},
            {"leave_out_smaller", leaveOutSmaller},
            {"sweep", sweep},
            {"include_dense", includeDense},
            {"reference", reference.isEmpty() ? QJsonValue() : QJsonValue(reference)},
            {"rules", QJsonArray::fromStringList(rules)},
            {"database", database}};
}

} // namespace bs::ui
