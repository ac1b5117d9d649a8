#include "ui/jobs/tensor_record.h"

#include "ui/jobs/json_fields.h"

#include <QJsonArray>

namespace bs::ui {

using json::integer;
using json::number;
using json::string;

namespace {

void readStatistics(const QJsonObject& json, TensorDetails& to)
{
    to.count = integer(json, "count");
    to.zeros = integer(json, "zeros");
    to.notFinite = integer(json, "not_finite");
    to.min = number(json, "min");
    to.max = number(json, "max");
    to.mean = number(json, "mean");
    to.deviation = number(json, "std");
    to.largest = number(json, "largest");
}

void readHistogram(const QJsonObject& json, TensorDetails& to)
{
    to.below = integer(json, "below");
    to.above = integer(json, "above");
    const double lower = number(json, "lower");
    const double upper = number(json, "upper");
    const QJsonArray counts = json.value(QLatin1String("counts")).toArray();
    const double each = (upper - lower) / static_cast<double>(qMax<qsizetype>(1, counts.size()));
    for (qsizetype i = 0; i < counts.size(); ++i) {
        const double from = lower + each * static_cast<double>(i);
        to.values.append({from, from + each, {}, counts.at(i).toInteger()});
    }
}

} // namespace

TensorInfo TensorInfo::fromJson(const QJsonObject& json)
{
    TensorInfo info;
    info.name = string(json, "name");
    info.layer = json.value(QLatin1String("layer")).toInt(-1);
    info.dtype = string(json, "dtype");
    for (const QJsonValue& size : json.value(QLatin1String("shape")).toArray())
        info.shape.append(size.toInteger());
    info.bytes = integer(json, "bytes");
    info.blocks = json.value(QLatin1String("blocks")).toInt();
    return info;
}

QString TensorInfo::shapeText() const
{
    QStringList sizes;
    for (const qint64 size : shape)
        sizes.append(QString::number(size));
    return sizes.join(QStringLiteral(" x "));
}

TensorListing TensorListing::fromJson(const QJsonObject& json)
{
    TensorListing listing;
    for (const QJsonValue& tensor : json.value(QLatin1String("tensors")).toArray())
        listing.tensors.append(TensorInfo::fromJson(tensor.toObject()));
    for (const QJsonValue& entry : json.value(QLatin1String("metadata")).toArray())
        listing.metadata.append(
            {string(entry.toObject(), "key"), string(entry.toObject(), "value")});
    return listing;
}

TensorDetails TensorDetails::fromJson(const QJsonObject& json)
{
    TensorDetails details;
    details.tensor = TensorInfo::fromJson(json.value(QLatin1String("tensor")).toObject());
    readStatistics(json.value(QLatin1String("statistics")).toObject(), details);
    readHistogram(json.value(QLatin1String("histogram")).toObject(), details);
    for (const QJsonValue& code : json.value(QLatin1String("codes")).toArray()) {
        const auto at = static_cast<double>(details.codes.size());
        details.codes.append({at - 0.5, at + 0.5, string(code.toObject(), "bits"),
                              integer(code.toObject(), "count")});
    }
    for (const QJsonValue& value : json.value(QLatin1String("residuals")).toArray()) {
        const QJsonObject r = value.toObject();
        details.residuals.append({static_cast<int>(integer(r, "depth")), integer(r, "bytes"),
                                  number(r, "bits_per_weight"), number(r, "error")});
    }
    return details;
}

} // namespace bs::ui
