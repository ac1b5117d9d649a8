#include "ui/jobs/compare_records.h"

#include "ui/jobs/json_fields.h"

#include <QJsonArray>

namespace bs::ui {

namespace {

TokenChance chanceOf(const QJsonObject& json)
{
    return {json.value(QLatin1String("id")).toInt(), json.value(QLatin1String("text")).toString(),
            json.value(QLatin1String("log_probability")).toDouble()};
}

} // namespace

QJsonArray numbersJson(const QList<int>& list)
{
    QJsonArray array;
    for (const int number : list)
        array.append(number);
    return array;
}

QJsonObject Pin::sizeParams() const
{
    if (!plan.isEmpty()) return {{"plan", numbersJson(plan)}};
    QJsonObject params{{"budget_bytes", budgetBytes ? QJsonValue(*budgetBytes) : QJsonValue()}};
    if (!rules.isEmpty()) params.insert(QLatin1String("rules"), QJsonArray::fromStringList(rules));
    return params;
}

QJsonObject Pin::toJson() const
{
    QJsonObject json = sizeParams();
    json.insert(QLatin1String("path"), path);
    json.insert(QLatin1String("label"), label);
    return json;
}

Pin Pin::fromJson(const QJsonObject& json)
{
    Pin pin;
    pin.path = json.value(QLatin1String("path")).toString();
    const qint64 budget = json.value(QLatin1String("budget_bytes")).toInteger();
    if (budget > 0) pin.budgetBytes = budget;
    pin.plan = json::numbers(json, "plan");
    pin.rules = json::strings(json, "rules");
    pin.label = json.value(QLatin1String("label")).toString();
    return pin;
}

PinWeight PinWeight::fromJson(const QJsonObject& json)
{
    return {ModelCard::fromJson(json.value(QLatin1String("card")).toObject()),
            json.value(QLatin1String("file_bytes")).toInteger(),
            json.value(QLatin1String("weight_bytes")).toInteger(),
            json.value(QLatin1String("source_path")).toString()};
}

QList<TokenScore> TokenScore::listFromJson(const QJsonObject& json)
{
    QList<TokenScore> scores;
    const QJsonArray tokens = json.value(QLatin1String("tokens")).toArray();
    scores.reserve(tokens.size());
    for (const QJsonValue& value : tokens) {
        const QJsonObject token = value.toObject();
        TokenScore score{chanceOf(token), {}};
        const QJsonArray top = token.value(QLatin1String("top")).toArray();
        for (const QJsonValue& chance : top)
            score.top.append(chanceOf(chance.toObject()));
        scores.append(score);
    }
    return scores;
}

/// A token whose bytes end within a character has an empty text; the next one has it all.
void TokenAnswer::takePiece(const QString& text, qint64 count)
{
    while (tokens.size() < count)
        tokens.append(QString());
    if (!tokens.isEmpty()) tokens.last() += text;
}

void TokenAnswer::finish(const QJsonObject& result)
{
    state = State::Done;
    ids = json::numbers(result, "ids");
    promptIds = json::numbers(result, "prompt_ids");
    stopReason = result.value(QLatin1String("stop_reason")).toString();
    tokensPerSecond = result.value(QLatin1String("tokens_per_second")).toDouble();
    notice = result.value(QLatin1String("notice")).toString();
    while (tokens.size() < ids.size())
        tokens.append(QString());
}

KeepFound KeepFound::fromJson(const QJsonObject& json)
{
    const QJsonObject below = json.value(QLatin1String("below")).toObject();
    const QJsonArray probes = json.value(QLatin1String("probes")).toArray();
    const QJsonObject largest = probes.first().toObject();
    KeepFound found;
    found.tokens = json.value(QLatin1String("tokens")).toInteger();
    found.fileBytes = json.value(QLatin1String("file_bytes")).toInteger();
    found.written = json.value(QLatin1String("written")).toInteger();
    found.belowBytes = below.value(QLatin1String("file_bytes")).toInteger();
    found.belowKept = below.value(QLatin1String("kept")).toInteger();
    found.largestBytes = largest.value(QLatin1String("file_bytes")).toInteger();
    found.largestKept = largest.value(QLatin1String("kept")).toInteger();
    found.tried = static_cast<int>(probes.size());
    return found;
}

} // namespace bs::ui
