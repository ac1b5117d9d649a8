#pragma once

#include <QCoreApplication>
#include <QJsonObject>
#include <QList>
#include <QStringList>

#include <optional>

namespace bs::ui {

/// What `plan` says about a recipe at a budget (core/jobs/PROTOCOL.md).
struct RecipePlan
{
    QStringList rules;
    QList<int> depths;
    qint64 budgetBytes = 0;
    qint64 fileBytes = 0;
    std::optional<qint64> uneditedBytes; ///< the loading order's size beside it
    /// By how much the perplexity is expected to be above the loading order's: .012 is 1.2 %.
    std::optional<double> change;
    QJsonObject file; ///< all of it, as `bitstack plan --json` prints it

    static RecipePlan fromJson(const QJsonObject& json);
    /// One sentence for people.
    QString summary() const;

    Q_DECLARE_TR_FUNCTIONS(bs::ui::RecipePlan)
};

} // namespace bs::ui
