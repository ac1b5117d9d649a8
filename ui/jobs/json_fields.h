#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

/// What the worker's answers hold under a key; what is not there, or is something else, is the
/// fallback.
namespace bs::ui::json {

/// Integers beyond 2^53 stay exact.
inline qint64 integer(const QJsonObject& json, const char* key, qint64 fallback = 0)
{
    return json.value(QLatin1String(key)).toInteger(fallback);
}

inline double number(const QJsonObject& json, const char* key, double fallback = 0)
{
    return json.value(QLatin1String(key)).toDouble(fallback);
}

inline QString string(const QJsonObject& json, const char* key)
{
    return json.value(QLatin1String(key)).toString();
}

inline QList<int> numbers(const QJsonObject& json, const char* key)
{
    QList<int> list;
    const QJsonArray array = json.value(QLatin1String(key)).toArray();
    list.reserve(array.size());
    for (const QJsonValue& value : array)
        list.append(value.toInt());
    return list;
}

inline QStringList strings(const QJsonObject& json, const char* key)
{
    QStringList list;
    const QJsonArray array = json.value(QLatin1String(key)).toArray();
    for (const QJsonValue& value : array)
        list.append(value.toString());
    return list;
}

} // namespace bs::ui::json
