#pragma once

#include "ui/jobs/recipe_record.h"
#include "ui/jobs/records.h"
#include "ui/models/recipe_model.h"

#include <QTimer>

namespace bs::ui {

class EngineSession;

/// The recipe that is being edited for the open stack: its rules, what they come to at the size
/// that is set, and whether the engine loads by them. An edit of a recipe that is in use is loaded
/// at once.
class RecipeDesk : public QObject
{
    Q_OBJECT

public:
    explicit RecipeDesk(EngineSession* session, QObject* parent = nullptr);

    RecipeModel* model() { return &m_model; }
    bool isUsed() const;
    /// Loads by the rules, or by the loading order again; the rules stay.
    void setUsed(bool used);
    /// What the rules come to; nullptr without rules, and until it is known.
    const RecipePlan* plan() const { return m_plan ? &*m_plan : nullptr; }
    /// The size the rules are looked at.
    qint64 budget() const;
    /// Rules from elsewhere, in place of all others: they are used at once, at that size.
    void takeUp(const QStringList& rules, qint64 budget, const QString& what);
    /// Those of a plan file.
    void readFile(const QString& path);

Q_SIGNALS:
    void planChanged();
    void usedChanged();
    void failed(const bs::ui::WorkerError& error);

private:
    void onEdited();
    void onCard();
    void ask();
    void setPlan(std::optional<RecipePlan> plan);

    EngineSession* m_session;
    RecipeModel m_model;
    std::optional<RecipePlan> m_plan;
    QString m_path;
    qint64 m_asked = 0;     ///< the budget asked about last
    bool m_reading = false; ///< a plan file: another question would silence that one
    QTimer m_timer;
};

} // namespace bs::ui
