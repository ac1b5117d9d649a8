#include "ui/jobs/token_record.h"

#include <algorithm>

namespace bs::ui {

namespace {

constexpr qint64 kWindow = 512;

TokenRecord::Choice choiceOf(const QJsonObject& json, const char* text, const char* probability)
{
    return {json.value(QLatin1String(text)).toString(),
            json.value(QLatin1String(probability)).toDouble()};
}

QList<TokenRecord::Choice> choicesOf(const QJsonValue& json)
{
    QList<TokenRecord::Choice> choices;
    const QJsonArray list = json.toArray();
    for (const QJsonValue& value : list)
        choices.append(choiceOf(value.toObject(), "text", "probability"));
    return choices;
}

} // namespace

TokenPointer TokenRecord::fromJson(const QJsonObject& json)
{
    auto record = std::make_shared<TokenRecord>();
    record->fileBytes = json.value(QLatin1String("file_bytes")).toInteger();
    record->reference = json.value(QLatin1String("reference")).toString();
    record->dense = json.value(QLatin1String("dense")).toBool();
    record->note = json.value(QLatin1String("note")).toString();
    record->mean = json.value(QLatin1String("kld_mean")).toDouble();
    record->median = json.value(QLatin1String("kld_median")).toDouble();
    record->sameTop = json.value(QLatin1String("same_top")).toDouble();
    const QJsonArray positions = json.value(QLatin1String("positions")).toArray();
    record->positions.reserve(positions.size());
    for (const QJsonValue& value : positions) {
        const QJsonObject p = value.toObject();
        record->positions.append(
            {p.value(QLatin1String("index")).toInteger(), p.value(QLatin1String("text")).toString(),
             p.value(QLatin1String("kld")).toDouble(), p.value(QLatin1String("nll")).toDouble(),
             choiceOf(p, "reference_top", "reference_probability"),
             choiceOf(p, "top", "probability")});
    }
    const QJsonArray worst = json.value(QLatin1String("worst")).toArray();
    for (const QJsonValue& value : worst) {
        const QJsonObject w = value.toObject();
        const int position = w.value(QLatin1String("position")).toInt(-1);
        if (position < 0 || position >= record->positions.size()) return nullptr;
        record->worst.append({position, w.value(QLatin1String("before")).toString(),
                              w.value(QLatin1String("after")).toString(),
                              choicesOf(w.value(QLatin1String("reference"))),
                              choicesOf(w.value(QLatin1String("model")))});
    }
    return record;
}

QJsonObject TokenSettings::toJson() const
{
    QJsonObject json{{"path", path},
                     {"budget_bytes", budgetBytes ? QJsonValue(*budgetBytes) : QJsonValue()},
                     {"chat_template", chatTemplate ? QJsonValue(*chatTemplate) : QJsonValue()},
                     {"context", kWindow},
                     {"chunks", std::max<qint64>(1, tokens / kWindow)}};
    if (text.isEmpty())
        json.insert(QLatin1String("messages"), messages);
    else
        json.insert(QLatin1String("text"), text);
    return json;
}

} // namespace bs::ui
