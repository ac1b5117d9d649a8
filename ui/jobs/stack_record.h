#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

#include <memory>
#include <optional>

namespace bs::ui {

/// What `stack` says about a .bitstack file (core/jobs/PROTOCOL.md): read once, shared, never
/// changed.
struct StackRecord
{
    struct Matrix
    {
        QString name;
        int layer = -1; ///< -1: outside the layers
        QString kind;   ///< "q_proj"
        qint64 rows = 0;
        qint64 cols = 0;
        QList<qint64> blockBytes;
        QList<double> gains; ///< nats a token, as many as blocks

        double weights() const { return static_cast<double>(rows) * static_cast<double>(cols); }
    };

    /// The matrix that gets a block, and the depth it then has.
    struct Step
    {
        int matrix = 0;
        int depth = 0;
    };

    /// How much the mean log-perplexity rises above the original's at a size.
    struct Prediction
    {
        qint64 bytes = 0;
        double predictedRise = 0;
        double measuredRise = 0;
    };

    /// A size that people have a picture of: so many blocks on average, or as large as in a type of
    /// llama.cpp.
    struct Mark
    {
        bool peer = false;
        QString name; ///< "3", "Q4_K_M"
        qint64 bytes = 0;
    };

    QString path;
    qint64 parameters = 0;
    bool hasGains = false;
    QList<Matrix> matrices;
    QList<Step> order;
    qsizetype smallestCount = 0;
    QList<qint64> fileBytes; ///< of the first smallestCount + i steps
    QList<double> gainLeft;  ///< what the steps behind them would save; empty without gains
    QList<Prediction> predicted;
    QList<Mark> marks;

    /// nullptr if the lists do not fit together.
    static std::shared_ptr<const StackRecord> fromJson(const QJsonObject& json);
};

using StackPointer = std::shared_ptr<const StackRecord>;

} // namespace bs::ui
