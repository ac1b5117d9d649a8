#include "ui/jobs/stack_record.h"

#include "ui/jobs/json_fields.h"

#include <QJsonArray>

namespace bs::ui {

using json::integer;
using json::number;

namespace {

constexpr int kMostLayers = 9999; ///< a chart has a column for each

QJsonArray list(const QJsonObject& json, const char* key)
{
    return json.value(QLatin1String(key)).toArray();
}

QList<qint64> integers(const QJsonArray& values)
{
    QList<qint64> result;
    result.reserve(values.size());
    for (const QJsonValue& value : values)
        result.append(value.toInteger());
    return result;
}

QList<double> numbers(const QJsonArray& values)
{
    QList<double> result;
    result.reserve(values.size());
    for (const QJsonValue& value : values)
        result.append(value.toDouble());
    return result;
}

StackRecord::Matrix matrixOf(const QJsonObject& json)
{
    return {json.value(QLatin1String("name")).toString(),
            static_cast<int>(integer(json, "layer", -1)),
            json.value(QLatin1String("class")).toString(),
            integer(json, "rows"),
            integer(json, "cols"),
            integers(list(json, "block_bytes")),
            numbers(list(json, "gains"))};
}

bool fits(const StackRecord& stack)
{
    for (const StackRecord::Matrix& matrix : stack.matrices)
        if (matrix.layer > kMostLayers ||
            (stack.hasGains && matrix.gains.size() != matrix.blockBytes.size()))
            return false;
    for (const StackRecord::Step& step : stack.order)
        if (step.matrix < 0 || step.matrix >= stack.matrices.size() || step.depth < 1 ||
            step.depth > stack.matrices.at(step.matrix).blockBytes.size())
            return false;
    const qsizetype sizes = stack.order.size() - stack.smallestCount + 1;
    return stack.smallestCount >= 0 && stack.fileBytes.size() == sizes &&
           stack.gainLeft.size() == (stack.hasGains ? sizes : 0);
}

} // namespace

StackPointer StackRecord::fromJson(const QJsonObject& json)
{
    auto stack = std::make_shared<StackRecord>();
    stack->path = json.value(QLatin1String("path")).toString();
    stack->parameters = integer(json, "parameters");
    stack->hasGains = json.value(QLatin1String("gain_left")).isArray();
    stack->smallestCount = integer(json, "smallest_count");
    stack->fileBytes = integers(list(json, "file_bytes"));
    stack->gainLeft = numbers(list(json, "gain_left"));
    const QJsonArray matrices = list(json, "matrices");
    for (const QJsonValue& matrix : matrices)
        stack->matrices.append(matrixOf(matrix.toObject()));
    const QJsonArray order = list(json, "order");
    stack->order.reserve(order.size());
    for (const QJsonValue& value : order) {
        const QJsonArray pair = value.toArray();
        stack->order.append({pair.at(0).toInt(-1), pair.at(1).toInt()});
    }
    const QJsonArray predicted = list(json, "predicted");
    for (const QJsonValue& value : predicted) {
        const QJsonObject p = value.toObject();
        stack->predicted.append(
            {integer(p, "budget_bytes"), number(p, "predicted_rise"), number(p, "measured_rise")});
    }
    const QJsonArray marks = list(json, "marks");
    for (const QJsonValue& value : marks) {
        const QJsonObject mark = value.toObject();
        stack->marks.append({mark.value(QLatin1String("kind")) == QLatin1String("peer"),
                             mark.value(QLatin1String("name")).toString(),
                             integer(mark, "file_bytes")});
    }
    return fits(*stack) ? stack : nullptr;
}

} // namespace bs::ui
