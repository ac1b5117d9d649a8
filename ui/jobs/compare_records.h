#pragma once

#include "ui/jobs/records.h"

#include <QJsonArray>

#include <array>

namespace bs::ui {

/// The two that are compared.
enum class Side { A = 0, B = 1 };
inline constexpr std::array kSides{Side::A, Side::B};
constexpr Side otherOf(Side side)
{
    return side == Side::A ? Side::B : Side::A;
}

/// Something for each of the two.
template <class T>
class Both
{
public:
    T& operator[](Side side) { return m_values.at(static_cast<std::size_t>(side)); }
    const T& operator[](Side side) const { return m_values.at(static_cast<std::size_t>(side)); }
    void swap() { std::swap(m_values.front(), m_values.back()); }

private:
    std::array<T, 2> m_values;
};

/// Depths or ids as requests have them.
QJsonArray numbersJson(const QList<int>& list);

/// What is compared: a file at a size.
struct Pin
{
    QString path;
    std::optional<qint64> budgetBytes; ///< of a stack; neither this nor a plan: all of the file
    QList<int> plan;        ///< of a stack: a depth for every matrix, instead of a budget
    QString label;          ///< the plan's or the recipe's name; may be empty
    QStringList rules = {}; ///< of a recipe, followed at the budget

    bool isSet() const { return !path.isEmpty(); }
    bool operator==(const Pin&) const = default;
    QJsonObject toJson() const;
    static Pin fromJson(const QJsonObject& json);
    /// "plan", or "budget_bytes" and "rules", as requests have them.
    QJsonObject sizeParams() const;
};

/// What a pin takes, before it is loaded (PROTOCOL.md, "weigh").
struct PinWeight
{
    ModelCard card;
    qint64 fileBytes = 0;
    qint64 weightBytes = 0;
    QString sourcePath; ///< the model a stack was made from; empty: it is not there any more

    bool isKnown() const { return fileBytes > 0; }
    /// Of the file that was measured, as the database knows it.
    QString artifactHash() const
    {
        return card.artifactHash.isEmpty() ? card.hash : card.artifactHash;
    }
    static PinWeight fromJson(const QJsonObject& json);
};

/// A token that may stand at a place of an answer.
struct TokenChance
{
    int id = 0;
    QString text;
    double logProbability = 0; ///< nats
};

/// A token of an answer and what a model would rather have had there (PROTOCOL.md, "score").
struct TokenScore
{
    TokenChance token;
    QList<TokenChance> top; ///< most probable first

    static QList<TokenScore> listFromJson(const QJsonObject& json);
};

/// An answer, token by token.
struct TokenAnswer
{
    enum class State { None, Waiting, Loading, Answering, Done, Failed };

    State state = State::None;
    QStringList tokens; ///< texts; the token that ended the answer has none
    QList<int> ids;     ///< once it is done
    QList<int> promptIds;
    QString stopReason;
    double tokensPerSecond = 0;
    QString error; ///< why it failed
    QString notice;

    bool isDone() const { return state == State::Done; }
    void takePiece(const QString& text, qint64 count);
    void finish(const QJsonObject& result);
    QString text() const { return tokens.join(QString()); }
};

/// What the smallest size is that keeps an answer (PROTOCOL.md, "keep").
struct KeepFound
{
    qint64 tokens = 0;
    qint64 fileBytes = 0; ///< 0: not even the largest that was tried keeps it
    qint64 written = 0;
    qint64 belowBytes = 0; ///< 0: there is no smaller size
    qint64 belowKept = 0;
    qint64 largestBytes = 0; ///< that was tried, and what it keeps
    qint64 largestKept = 0;
    int tried = 0;

    static KeepFound fromJson(const QJsonObject& json);
};

} // namespace bs::ui
