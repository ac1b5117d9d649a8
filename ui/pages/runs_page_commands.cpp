#include "ui/jobs/library.h"
#include "ui/pages/runs_page.h"
#include "ui/widgets/undo_bar.h"

#include <QAction>
#include <QFileDialog>
#include <QFrame>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QTableView>

#include <set>

namespace bs::ui {

/// A second time the other way round.
void RunsPage::sortByCurrent()
{
    QHeaderView* const head = m_rows->horizontalHeader();
    const int column = m_rows->currentIndex().column();
    if (column < 0) return;
    const bool again = head->sortIndicatorSection() == column;
    const bool descending = again && head->sortIndicatorOrder() == Qt::AscendingOrder;
    head->setSortIndicator(column, descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void RunsPage::openCurrent()
{
    const QModelIndex current = m_rows->currentIndex();
    const qint64 bytes = current.data(RunsModel::BytesRole).toLongLong();
    if (bytes > 0)
        Q_EMIT pointChosen(current.data(RunsModel::PathRole).toString(), bytes,
                           current.data(RunsModel::DenseRole).toBool());
}

void RunsPage::editNote()
{
    const QModelIndex current = m_rows->currentIndex();
    if (!current.isValid()) return;
    const int column = static_cast<int>(RunColumn::Note);
    m_rows->setColumnHidden(column, false); // also where every row has the same
    const QModelIndex note = current.siblingAtColumn(column);
    m_rows->setFocus();
    m_rows->setCurrentIndex(note);
    m_rows->edit(note);
}

/// Whole rows are selected: the ranges tell them, however many there are.
std::vector<std::uint32_t> RunsPage::chosenPoints() const
{
    std::set<int> rows;
    for (const QItemSelectionRange& range : m_rows->selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.insert(rows.end(), row);
    std::vector<std::uint32_t> points;
    points.reserve(rows.size());
    for (const int row : rows)
        points.push_back(m_model.view()->points[static_cast<std::size_t>(row)]);
    return points;
}

std::vector<RunColumn> RunsPage::shownColumns() const
{
    std::vector<RunColumn> columns;
    const QHeaderView* const head = m_rows->horizontalHeader();
    for (int place = 0; place < head->count(); ++place)
        if (const int column = head->logicalIndex(place); !head->isSectionHidden(column))
            columns.push_back(static_cast<RunColumn>(column));
    return columns;
}

void RunsPage::removeChosen()
{
    std::set<qint64> runs;
    for (const std::uint32_t point : chosenPoints())
        runs.insert((*m_model.table())[point].run->id);
    if (runs.empty()) return;
    m_removed.append(QList<qint64>(runs.begin(), runs.end()));
    m_library->removeRuns(m_removed.last());
    showUndo();
}

void RunsPage::undoRemove()
{
    if (m_removed.isEmpty()) return;
    m_library->restoreRuns(m_removed.takeLast());
    showUndo();
}

void RunsPage::showUndo()
{
    if (m_removed.isEmpty()) {
        m_undo->hide();
    } else {
        const QList<qint64>& runs = m_removed.last();
        m_undo->offer(runs.size() == 1
                          ? tr("Deleted run %1 with all its sizes.").arg(runs.first())
                          : tr("Deleted %1 runs with all their sizes.").arg(runs.size()));
    }
    updateActions();
}

void RunsPage::copyChosen()
{
    if (m_model.table()) m_query.makeText(m_model.table(), chosenPoints(), shownColumns());
}

void RunsPage::askFile()
{
    auto* const dialog =
        new QFileDialog(this, tr("Save the rows that are shown"), QString(), tr("Tables (*.csv)"));
    dialog->setObjectName(QStringLiteral("runsFile"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(QStringLiteral("runs.csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        if (m_model.view())
            m_query.writeCsv(m_model.table(), m_model.view()->points, shownColumns(), path);
    });
    dialog->open();
}

} // namespace bs::ui
