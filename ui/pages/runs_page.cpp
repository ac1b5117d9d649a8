#include "ui/pages/runs_page.h"

#include "ui/jobs/library.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/undo_bar.h"

#include <QAction>
#include <QClipboard>
#include <QFrame>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QToolButton>

namespace bs::ui {

RunsPage::RunsPage(Library* library, const Actions& actions, QWidget* parent)
    : QWidget(parent)
    , m_library(library)
    , m_actions(actions)
    , m_filter(new QLineEdit(this))
    , m_problem(new QLabel(this))
    , m_count(new QLabel(this))
    , m_same(new ElidedLabel(this))
    , m_rows(new QTableView(this))
    , m_empty(new QLabel(this))
    , m_undo(new UndoBar(QStringLiteral("runUndo"), tr("Bring the deleted runs back"), this))
{
    setObjectName(QStringLiteral("runsPage"));
    build();
    connectParts();
    connectActions();
    updateCount();
    updateActions();
}

void RunsPage::build()
{
    m_filter->setObjectName(QStringLiteral("runFilter"));
    m_filter->setAccessibleName(tr("Filter runs"));
    m_filter->setPlaceholderText(
        tr("Filter: words, codec:nested, ppl<20, size<100MB, -state:failed"));
    m_filter->setToolTip(tr("Rows must match every part: a word in any column, column:text, "
                            "column=text, numbers with < <= > >= = and sizes such as 100MB, dates "
                            "such as started>2026-11-20. A minus in front negates a part, "
                            "quotes keep words together. The heads of the columns tell their "
                            "names."));
    m_filter->setClearButtonEnabled(true);
    m_problem->setObjectName(QStringLiteral("runFilterProblem"));
    m_problem->setWordWrap(true);
    makeWarning(m_problem);
    m_problem->hide();
    m_count->setObjectName(QStringLiteral("runCount"));
    makeQuiet(m_count);
    m_same->setObjectName(QStringLiteral("runsSame"));
    makeQuiet(m_same);
    m_empty->setObjectName(QStringLiteral("runsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    makeQuiet(m_empty);
    buildTable();

    auto* const line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_filter, 1);
    line->addWidget(actionButton(m_actions.onlyDiffering, this));
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 6);
    column->setSpacing(6);
    column->addLayout(line);
    column->addWidget(m_problem);
    column->addWidget(m_rows, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(m_same);
    column->addWidget(m_undo);
    column->addLayout(buildTools());
    setFocusProxy(m_rows);
}

void RunsPage::buildTable()
{
    m_rows->setObjectName(QStringLiteral("runTable"));
    m_rows->setAccessibleName(tr("Runs"));
    m_rows->setModel(&m_model);
    m_rows->setFrameShape(QFrame::NoFrame);
    m_rows->setShowGrid(false);
    m_rows->setAlternatingRowColors(true);
    m_rows->setWordWrap(false);
    m_rows->setTextElideMode(Qt::ElideMiddle); // files of a sweep differ at their end
    m_rows->setTabKeyNavigation(false);
    m_rows->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rows->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_rows->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_rows->verticalHeader()->hide();
    // Rows of one height: asking a hundred thousand for theirs takes long.
    m_rows->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_rows->verticalHeader()->setDefaultSectionSize(m_rows->fontMetrics().height() + 8);
    QHeaderView* const head = m_rows->horizontalHeader();
    head->setObjectName(QStringLiteral("runTableHead"));
    head->setSectionsClickable(true);
    head->setSectionsMovable(true);
    head->setHighlightSections(false);
    head->setSortIndicatorShown(true);
    head->setSortIndicator(static_cast<int>(m_sortedBy), Qt::DescendingOrder);
}

QHBoxLayout* RunsPage::buildTools()
{
    auto* const tools = new QHBoxLayout;
    tools->setSpacing(2);
    for (QAction* const action :
         {m_actions.open, m_actions.editNote, m_actions.remove, m_actions.copy, m_actions.save})
        tools->addWidget(actionButton(action, this));
    tools->addStretch(1);
    tools->addWidget(m_count);
    return tools;
}

void RunsPage::connectParts()
{
    m_filterTimer.setSingleShot(true);
    m_filterTimer.setInterval(kFilterDelayMs);
    m_readTimer.setSingleShot(true);
    m_readTimer.setInterval(kReadDelayMs);
    connect(m_undo, &UndoBar::undoRequested, this, &RunsPage::undoRemove);
    connect(m_filter, &QLineEdit::textChanged, this, [this] { m_filterTimer.start(); });
    connect(m_filter, &QLineEdit::returnPressed, this, &RunsPage::ask);
    connect(&m_filterTimer, &QTimer::timeout, this, &RunsPage::ask);
    connect(&m_readTimer, &QTimer::timeout, this, &RunsPage::read);
    connect(m_rows->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder order) {
                m_sortedBy = static_cast<RunColumn>(column);
                m_descending = order == Qt::DescendingOrder;
                ask();
            });
    connect(m_rows->horizontalHeader(), &QHeaderView::sectionResized, this,
            [this](int /*column*/, int before, int now) {
                // Columns that are hidden or shown again change from or to nothing.
                if (!m_fitting && before > 0 && now > 0) m_widthsChosen = true;
            });
    connect(m_rows->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunsPage::updateActions);
    connect(m_rows, &QTableView::activated, this, &RunsPage::openCurrent);
    connect(m_library, &Library::runsRead, this, &RunsPage::take);
    connect(m_library, &Library::runsChanged, this, &RunsPage::refresh);
    connect(&m_model, &RunsModel::noteEdited, m_library, &Library::setRunNote);
    connect(&m_query, &RunQuery::answered, this, &RunsPage::showView);
    connect(&m_query, &RunQuery::refused, this, &RunsPage::refuse);
    connect(&m_query, &RunQuery::failed, this, &RunsPage::failed);
    connect(&m_query, &RunQuery::written, this, [this](const QString& path, int rows) {
        Q_EMIT saved(rows == 1
                         ? tr("One row was written to %1.").arg(path)
                         : tr("%1 rows were written to %2.").arg(QLocale().toString(rows), path));
    });
    connect(&m_query, &RunQuery::textMade, this,
            [](const QString& text) { QGuiApplication::clipboard()->setText(text); });
}

void RunsPage::connectActions()
{
    connect(m_actions.filter, &QAction::triggered, this, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    connect(m_actions.onlyDiffering, &QAction::toggled, this, &RunsPage::updateColumns);
    connect(m_actions.sort, &QAction::triggered, this, &RunsPage::sortByCurrent);
    connect(m_actions.open, &QAction::triggered, this, &RunsPage::openCurrent);
    connect(m_actions.editNote, &QAction::triggered, this, &RunsPage::editNote);
    connect(m_actions.remove, &QAction::triggered, this, &RunsPage::removeChosen);
    connect(m_actions.undo, &QAction::triggered, this, &RunsPage::undoRemove);
    connect(m_actions.copy, &QAction::triggered, this, &RunsPage::copyChosen);
    connect(m_actions.save, &QAction::triggered, this, &RunsPage::askFile);
    // Their keys mean something else elsewhere, also in the filter line.
    addActions({m_actions.filter, m_actions.onlyDiffering});
    m_rows->addActions({m_actions.open, m_actions.editNote, m_actions.sort, m_actions.remove,
                        m_actions.copy, m_actions.save});
}

void RunsPage::updateActions()
{
    const QModelIndex current = m_rows->currentIndex();
    const bool any = m_rows->selectionModel()->hasSelection();
    m_actions.open->setEnabled(current.data(RunsModel::BytesRole).toLongLong() > 0);
    m_actions.editNote->setEnabled(current.isValid());
    m_actions.sort->setEnabled(current.isValid());
    m_actions.remove->setEnabled(any);
    m_actions.copy->setEnabled(any);
    m_actions.save->setEnabled(m_model.rowCount() > 0);
    m_actions.undo->setEnabled(!m_removed.isEmpty());
}

} // namespace bs::ui
