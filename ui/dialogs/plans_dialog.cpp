#include "ui/dialogs/plans_dialog.h"

#include "ui/widgets/looks.h"
#include "ui/widgets/undo_bar.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace bs::ui {

PlansDialog::PlansDialog(Library* library, const ModelCard& card, QWidget* parent)
    : QDialog(parent)
    , m_library(library)
    , m_card(card)
    , m_table(new QTableView(this))
    , m_empty(
          new QLabel(tr("No plan of this file has a name yet.\nSave the recipe as a plan."), this))
    , m_undo(new UndoBar(QStringLiteral("plansUndo"), tr("Bring the deleted plan back"), this))
    , m_open(new QPushButton(tr("&Take up"), this))
    , m_rename(new QPushButton(tr("&Rename"), this))
    , m_remove(new QPushButton(tr("&Delete"), this))
{
    setObjectName(QStringLiteral("plansDialog"));
    setWindowTitle(tr("Plans of %1").arg(QFileInfo(card.path).fileName()));
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    connect(&m_model, &PlansModel::renamed, library, &Library::renamePlan);
    connect(library, &Library::plansListed, this, &PlansDialog::showPlans);
    connect(library, &Library::plansChanged, this, &PlansDialog::refresh);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& at) {
        if (at.column() != PlansModel::NameColumn) choose();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &PlansDialog::updateButtons);
    connect(m_open, &QPushButton::clicked, this, &PlansDialog::choose);
    connect(m_remove, &QPushButton::clicked, this, &PlansDialog::remove);
    connect(m_undo, &UndoBar::undoRequested, this, &PlansDialog::undo);
    connect(new QShortcut(QKeySequence::Delete, m_table, nullptr, nullptr, Qt::WidgetShortcut),
            &QShortcut::activated, this, &PlansDialog::remove);
    connect(m_rename, &QPushButton::clicked, this, [this] {
        m_table->edit(m_table->currentIndex().siblingAtColumn(PlansModel::NameColumn));
    });
    updateButtons();
    refresh();
}

void PlansDialog::build()
{
    m_table->setObjectName(QStringLiteral("plansTable"));
    m_table->setAccessibleName(tr("Named plans"));
    m_table->setModel(&m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setColumnWidth(PlansModel::NameColumn, 170);
    m_table->setColumnWidth(PlansModel::RulesColumn, 190);
    m_empty->setAlignment(Qt::AlignCenter);
    makeQuiet(m_empty);
    m_open->setObjectName(QStringLiteral("plansOpen"));
    m_open->setToolTip(tr("Edit by these rules, at this size"));
    m_rename->setObjectName(QStringLiteral("plansRename"));
    m_rename->setToolTip(tr("Another name (F2)"));
    m_remove->setObjectName(QStringLiteral("plansRemove"));
    m_remove->setToolTip(tr("Delete the chosen plan; it can be brought back"));

    auto* const buttons = new QDialogButtonBox(this);
    for (QPushButton* const button : {m_open, m_rename, m_remove}) {
        button->setAutoDefault(false);
        buttons->addButton(button, QDialogButtonBox::ActionRole);
    }
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 12);
    column->setSpacing(12);
    column->addWidget(m_table, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(m_undo);
    column->addWidget(buttons);
    resize(640, 340);
}

void PlansDialog::refresh()
{
    m_library->listPlans(m_card.artifactHash);
}

void PlansDialog::showPlans(const QString& artifactHash, const QList<PlanRecord>& plans)
{
    if (artifactHash != m_card.artifactHash) return;
    const int row = qMax(0, m_table->currentIndex().row());
    m_model.setPlans(plans);
    m_table->setVisible(!plans.isEmpty());
    m_empty->setVisible(plans.isEmpty());
    if (!plans.isEmpty())
        m_table->setCurrentIndex(
            m_model.index(qMin(row, m_model.rowCount() - 1), PlansModel::NameColumn));
    updateButtons();
}

void PlansDialog::choose()
{
    const PlanRecord* const plan = m_model.planAt(m_table->currentIndex().row());
    if (plan == nullptr) return;
    Q_EMIT chosen(*plan);
    accept();
}

void PlansDialog::remove()
{
    const PlanRecord* const plan = m_model.planAt(m_table->currentIndex().row());
    if (plan == nullptr) return;
    m_removed = *plan;
    m_undo->offer(tr("Deleted \"%1\".").arg(QString::fromStdString(plan->name)));
    m_library->removePlan(plan->id);
}

void PlansDialog::undo()
{
    m_undo->hide();
    if (const auto plan = std::exchange(m_removed, std::nullopt))
        m_library->savePlan(m_card, *plan);
}

void PlansDialog::updateButtons()
{
    const bool any = m_table->currentIndex().isValid();
    for (QPushButton* const button : {m_open, m_rename, m_remove})
        button->setEnabled(any);
}

} // namespace bs::ui
