#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

namespace bs::ui {

/// What `tensors` and `tensor` say about a model (core/jobs/PROTOCOL.md).
struct TensorInfo
{
    QString name;
    int layer = -1; ///< -1: outside the layers
    QString dtype;
    QList<qint64> shape;
    qint64 bytes = 0;
    int blocks = 0; ///< of a stack's matrix

    static TensorInfo fromJson(const QJsonObject& json);
    /// "576 x 1536"
    QString shapeText() const;
};

struct MetadataEntry
{
    QString key;
    QString value;
};

struct TensorListing
{
    QList<TensorInfo> tensors;
    QList<MetadataEntry> metadata;

    static TensorListing fromJson(const QJsonObject& json);
};

struct TensorDetails
{
    struct Bar
    {
        double from = 0;
        double to = 0;
        QString label; ///< of a code; empty: a range
        qint64 count = 0;
    };
    struct Residual
    {
        int depth = 0;
        qint64 bytes = 0;
        double bitsPerWeight = 0;
        double error = 0;
    };

    TensorInfo tensor;
    qint64 count = 0;
    qint64 zeros = 0;
    qint64 notFinite = 0;
    double min = 0;
    double max = 0;
    double mean = 0;
    double deviation = 0;
    double largest = 0;
    qint64 below = 0; ///< values beside the histogram
    qint64 above = 0;
    QList<Bar> values;
    QList<Bar> codes;          ///< of a stack's matrix
    QList<Residual> residuals; ///< of a stack's matrix

    static TensorDetails fromJson(const QJsonObject& json);
};

} // namespace bs::ui
