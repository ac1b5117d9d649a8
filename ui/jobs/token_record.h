#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <memory>
#include <optional>

namespace bs::ui {

/// What `token_divergence` says about a text (core/jobs/PROTOCOL.md): read once, shared, never
/// changed.
struct TokenRecord
{
    struct Choice
    {
        QString text;
        double probability = 0;
    };
    struct Position
    {
        qint64 index = 0;
        QString text;
        double divergence = 0; ///< nats
        double nll = 0;
        Choice reference; ///< the first choices
        Choice model;
    };
    struct Worst
    {
        int position = 0; ///< in `positions`
        QString before;
        QString after;
        QList<Choice> reference;
        QList<Choice> model;
    };

    qint64 fileBytes = 0;
    QString reference; ///< path
    bool dense = false;
    QString note;
    double mean = 0;
    double median = 0;
    double sameTop = 0;
    QList<Position> positions;
    QList<Worst> worst;

    /// nullptr if the lists do not fit together.
    static std::shared_ptr<const TokenRecord> fromJson(const QJsonObject& json);
};

using TokenPointer = std::shared_ptr<const TokenRecord>;

/// What is asked for.
struct TokenSettings
{
    QString path;
    std::optional<qint64> budgetBytes; ///< none: everything
    QString text;                      ///< file; empty: `messages`
    QJsonArray messages;               ///< a conversation that ends with the answer
    std::optional<QString> chatTemplate;
    qint64 tokens = 2048; ///< of a file, about

    QJsonObject toJson() const;
};

} // namespace bs::ui
