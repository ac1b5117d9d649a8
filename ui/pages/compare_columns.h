#pragma once

#include "ui/jobs/comparison.h"
#include "ui/pages/token_card.h"

#include <QWidget>

class QLabel;

namespace bs::ui {

class ElidedLabel;
class TokenView;

/// Two answers side by side: they scroll together, the first token that differs is marked in both,
/// and the token under the mouse or the caret is looked at in both with what the models think of
/// it.
class CompareColumns : public QWidget
{
    Q_OBJECT

public:
    explicit CompareColumns(Comparison* comparison, QWidget* parent = nullptr);

    /// What the answers have in common; empty while they are made.
    QString sentence() const;

private:
    void build();
    void tokenArrived(Side side, const QString& text);
    void showAnswer(Side side);
    void showNames();
    void compare();
    void look(Side side, qsizetype token, bool byKey);
    void lookAway();
    const TokenScore* scoreAt(Side model, Side answer, qsizetype token) const;
    QString tokenHint() const;
    QString cardHeading(Side side, qsizetype token) const;

    Comparison* m_comparison;
    Both<ElidedLabel*> m_names;
    Both<TokenView*> m_views;
    QLabel* m_sentence;
    QLabel* m_token;
    TokenCard* m_card;
    std::optional<qsizetype> m_difference;
};

} // namespace bs::ui
