#include "ui/jobs/recipe_desk.h"

#include "ui/jobs/engine_session.h"
#include "ui/models/recipe_edit.h"

#include <QFileInfo>
#include <QJsonArray>

#include <utility>

namespace bs::ui {

namespace {

/// A drag of the slider asks no more often than this.
constexpr int kAskDelayMs = 60;

} // namespace

RecipeDesk::RecipeDesk(EngineSession* session, QObject* parent)
    : QObject(parent)
    , m_session(session)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kAskDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &RecipeDesk::ask);
    connect(&m_model, &RecipeModel::changed, this, &RecipeDesk::onEdited);
    connect(session, &EngineSession::cardChanged, this, &RecipeDesk::onCard);
    connect(session, &EngineSession::recipeChanged, this, &RecipeDesk::usedChanged);
    connect(session, &EngineSession::stackChanged, this, [this] {
        m_asked = 0;
        m_reading = false;
    });
    connect(session, &EngineSession::stateChanged, this, [this] {
        if (m_model.rowCount() > 0 && budget() != m_asked && !m_timer.isActive()) m_timer.start();
    });
}

bool RecipeDesk::isUsed() const
{
    return !m_session->recipe().isEmpty();
}

void RecipeDesk::setUsed(bool used)
{
    m_session->setRecipe(used ? m_model.texts() : QStringList());
}

qint64 RecipeDesk::budget() const
{
    const EngineState& state = m_session->state();
    return m_session->wantedBudget().value_or(state.budgetBytes > 0 ? state.budgetBytes
                                                                    : state.fileBytes);
}

void RecipeDesk::onEdited()
{
    if (isUsed()) m_session->setRecipe(m_model.texts());
    m_timer.stop();
    ask();
}

/// The rules are those of one file; the same one that is opened again keeps them.
void RecipeDesk::onCard()
{
    const QString path = m_session->path();
    if (std::exchange(m_path, path) == path) return;
    m_model.reset();
    setPlan(std::nullopt);
}

void RecipeDesk::ask()
{
    if (m_reading) return;
    m_asked = budget();
    if (m_model.rowCount() == 0 || !m_session->state().loaded) {
        setPlan(std::nullopt);
        return;
    }
    m_session->ask(
        QStringLiteral("plan"),
        {{"budget_bytes", m_asked}, {"rules", QJsonArray::fromStringList(m_model.texts())}},
        [this](const QJsonObject& result) { setPlan(RecipePlan::fromJson(result)); },
        [this](const WorkerError& error) {
            setPlan(std::nullopt);
            Q_EMIT failed(error);
        });
}

void RecipeDesk::setPlan(std::optional<RecipePlan> plan)
{
    m_plan = std::move(plan);
    Q_EMIT planChanged();
}

void RecipeDesk::readFile(const QString& path)
{
    m_reading = true;
    m_session->ask(
        QStringLiteral("plan"), {{"file", path}},
        [this, path](const QJsonObject& result) {
            m_reading = false;
            const RecipePlan plan = RecipePlan::fromJson(result);
            takeUp(plan.rules, plan.budgetBytes, tr("rules of %1").arg(QFileInfo(path).fileName()));
            ask();
        },
        [this](const WorkerError& error) {
            m_reading = false;
            Q_EMIT failed(error);
            ask();
        });
}

void RecipeDesk::takeUp(const QStringList& rules, qint64 budget, const QString& what)
{
    Result<Recipe> recipe = parseRecipe(textsOf(rules));
    if (!recipe) {
        Q_EMIT failed(
            {exitCodeOf(recipe.error().code), QString::fromStdString(recipe.error().message), {}});
        return;
    }
    m_session->slide(budget);
    m_model.edit(recipe.value(), what);
    setUsed(true);
}

} // namespace bs::ui
