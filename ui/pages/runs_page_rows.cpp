#include "ui/jobs/library.h"
#include "ui/pages/runs_page.h"
#include "ui/widgets/elided_label.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollBar>
#include <QTableView>

#include <algorithm>

namespace bs::ui {

void RunsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale) read();
}

void RunsPage::refresh()
{
    m_stale = true;
    if (isVisible() && !m_readTimer.isActive()) m_readTimer.start();
}

void RunsPage::read()
{
    if (m_reading) return; // refresh() was told meanwhile: take() reads again
    m_reading = true;
    m_stale = false;
    m_library->readRuns();
}

void RunsPage::take(const RunTablePointer& table)
{
    m_reading = false;
    m_table = table;
    ask();
    if (m_stale && isVisible()) m_readTimer.start();
}

void RunsPage::setFilter(const QString& line)
{
    m_filter->setText(line);
    ask();
}

void RunsPage::ask()
{
    m_filterTimer.stop();
    if (m_table) m_query.ask({m_table, m_filter->text(), m_sortedBy, m_descending});
}

void RunsPage::refuse(const QString& sentence)
{
    m_problem->setText(sentence);
    m_problem->show();
}

void RunsPage::showView(const RunTablePointer& table, const RunViewPointer& view)
{
    // What is being written into a note is brought to its end first.
    if (m_rows->isPersistentEditorOpen(m_rows->currentIndex())) {
        m_filterTimer.start();
        return;
    }
    m_problem->hide();
    const QModelIndex current = m_rows->currentIndex();
    const qint64 run = current.data(RunsModel::RunRole).toLongLong();
    const qint64 bytes = current.data(RunsModel::BytesRole).toLongLong();
    const int column = std::max(0, current.column());
    const int place = m_rows->verticalScrollBar()->value();
    RunTablePointer before = m_model.table();
    m_model.setView(table, view);
    m_query.drop(std::move(before));
    if (current.isValid() || run > 0) {
        const int row = m_model.rowOf(run, bytes);
        if (row >= 0)
            m_rows->selectionModel()->setCurrentIndex(m_model.index(row, column),
                                                      QItemSelectionModel::ClearAndSelect |
                                                          QItemSelectionModel::Rows);
    }
    m_rows->verticalScrollBar()->setValue(place);
    updateColumns();
    updateCount();
    updateActions();
    if (!m_widthsChosen && m_model.rowCount() > 0) fitColumns();
}

/// Of rows that differ in nothing every column is shown.
void RunsPage::updateColumns()
{
    const RunViewPointer& view = m_model.view();
    const bool hide = m_actions.onlyDiffering->isChecked() && view && view->differing.any();
    QStringList same;
    for (int column = 0; column < kRunColumnCount; ++column) {
        const bool hidden = hide && !view->differing[static_cast<std::size_t>(column)];
        m_rows->setColumnHidden(column, hidden);
        const QString text = hidden ? m_model.sameText(static_cast<RunColumn>(column)) : QString();
        if (!text.isEmpty()) same.append(text);
    }
    const QString all = same.join(QStringLiteral(" · "));
    m_same->setText(tr("The same in every row: %1").arg(all));
    m_same->setToolTip(all);
    m_same->setVisible(!same.isEmpty());
}

void RunsPage::updateCount()
{
    const int shown = m_model.rowCount();
    const int all = m_table ? static_cast<int>(m_table->size()) : 0;
    m_count->setText(
        shown == all ? (all == 1 ? tr("one row") : tr("%1 rows").arg(QLocale().toString(all)))
                     : tr("%1 of %2 rows").arg(QLocale().toString(shown), QLocale().toString(all)));
    m_empty->setText(all == 0 ? tr("Nothing was measured yet.\nMeasure a curve, or let a sweep "
                                   "measure many.")
                              : tr("No row matches the filter."));
    m_empty->setVisible(shown == 0);
    m_rows->setVisible(shown > 0);
}

/// Wide enough for some rows from everywhere: asking all of them takes too long.
void RunsPage::fitColumns()
{
    constexpr int kAsked = 60;
    constexpr int kWidest = 260;
    const int rows = m_model.rowCount();
    const int every = std::max(1, rows / kAsked);
    m_fitting = true;
    for (int column = 0; column < kRunColumnCount; ++column) {
        int width = m_rows->horizontalHeader()->sectionSizeHint(column);
        for (int row = 0; row < rows; row += every) {
            const QModelIndex cell = m_model.index(row, column);
            width = std::max(width,
                             m_rows->fontMetrics().horizontalAdvance(cell.data().toString()) + 16);
        }
        m_rows->setColumnWidth(column, std::min(width, kWidest));
    }
    m_fitting = false;
}

} // namespace bs::ui
