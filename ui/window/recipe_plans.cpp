// Plans with names and in files: the other half of RecipeCommands.
#include "ui/dialogs/plans_dialog.h"
#include "ui/jobs/engine_session.h"
#include "ui/models/recipe_edit.h"
#include "ui/window/recipe_commands.h"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QJsonDocument>
#include <QSaveFile>

namespace bs::ui {

void RecipeCommands::connectPlans()
{
    connect(m_actions.savePlan, &QAction::triggered, this, &RecipeCommands::askName);
    connect(m_actions.plans, &QAction::triggered, this, &RecipeCommands::showPlans);
    connect(m_actions.importPlan, &QAction::triggered, this, &RecipeCommands::askFile);
    connect(m_actions.exportPlan, &QAction::triggered, this, &RecipeCommands::askExport);
}

void RecipeCommands::askName()
{
    auto* const dialog = new QInputDialog(m_window);
    dialog->setObjectName(QStringLiteral("planName"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save as plan"));
    dialog->setLabelText(tr("Name of the plan (one of the same name is replaced)"));
    connect(dialog, &QInputDialog::textValueSelected, this, &RecipeCommands::savePlan);
    dialog->open();
}

void RecipeCommands::savePlan(const QString& name)
{
    const RecipePlan* const plan = m_desk->plan();
    if (plan == nullptr || name.trimmed().isEmpty()) return;
    PlanRecord record;
    record.artifactHash = m_session->card().artifactHash.toStdString();
    record.name = name.trimmed().toStdString();
    record.fileBytes = static_cast<std::uint64_t>(plan->fileBytes);
    for (const int depth : plan->depths)
        record.depths.push_back(static_cast<std::uint32_t>(depth));
    record.rules = textsOf(plan->rules);
    m_library->savePlan(m_session->card(), record);
    Q_EMIT done(tr("The plan \"%1\" is kept.").arg(name.trimmed()));
}

void RecipeCommands::showPlans()
{
    auto* const dialog = new PlansDialog(m_library, m_session->card(), m_window);
    connect(dialog, &PlansDialog::chosen, this, &RecipeCommands::takePlan);
    dialog->open();
}

void RecipeCommands::takePlan(const PlanRecord& plan)
{
    m_desk->takeUp(textsOf(plan.rules), static_cast<qint64>(plan.fileBytes),
                   tr("plan %1").arg(QString::fromStdString(plan.name)));
}

void RecipeCommands::askFile()
{
    auto* const dialog = new QFileDialog(m_window, tr("Import a plan file"), QString(),
                                         tr("Plans (*.json);;All files (*)"));
    dialog->setObjectName(QStringLiteral("planImport"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, m_desk, &RecipeDesk::readFile);
    dialog->open();
}

void RecipeCommands::askExport()
{
    auto* const dialog =
        new QFileDialog(m_window, tr("Export the plan"), QString(), tr("Plans (*.json)"));
    dialog->setObjectName(QStringLiteral("planExport"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(QFileInfo(m_session->path()).completeBaseName() +
                       QStringLiteral("-plan.json"));
    connect(dialog, &QFileDialog::fileSelected, this, &RecipeCommands::writeFile);
    dialog->open();
}

void RecipeCommands::writeFile(const QString& path)
{
    if (m_desk->plan() == nullptr) return;
    QSaveFile file(path);
    const QByteArray text = QJsonDocument(m_desk->plan()->file).toJson();
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
        Q_EMIT done(tr("The plan was written to %1.").arg(path));
    else
        Q_EMIT failed({5, tr("%1 cannot be written: %2").arg(path, file.errorString()), {}});
}

} // namespace bs::ui
