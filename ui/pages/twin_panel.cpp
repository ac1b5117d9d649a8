#include "ui/pages/twin_panel.h"

#include "ui/models/csv.h"
#include "ui/plots/point_chart.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/themed_icon.h"

#include <QAbstractItemModel>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bs::ui {

TwinPanel::TwinPanel(Chart* chart, QAbstractItemModel* model, QWidget* parent)
    : QWidget(parent)
    , m_chart(chart)
    , m_table(new QTableView(this))
    , m_pages(new QStackedWidget(this))
    , m_column(new QVBoxLayout(this))
    , m_tools(new QHBoxLayout)
    , m_summary(new QLabel(this))
{
    buildTable(model);
    m_pages->addWidget(m_chart);
    m_pages->addWidget(m_table);
    m_tools->setContentsMargins(6, 2, 6, 2);
    m_tools->setSpacing(4);
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(10, 2, 10, 6);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    makeQuiet(m_summary);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addLayout(m_tools);
    m_column->addWidget(m_pages, 2);
    m_column->addWidget(m_summary);
    buildMenu();
}

void TwinPanel::buildTable(QAbstractItemModel* model)
{
    m_table->setModel(model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 8);
    connect(model, &QAbstractItemModel::modelReset, this, &TwinPanel::fitColumns);
}

/// Wide enough for some rows from everywhere: asking thousands takes too long.
void TwinPanel::fitColumns()
{
    constexpr int kAsked = 60;
    const QAbstractItemModel& model = *m_table->model();
    const int rows = model.rowCount();
    const int every = std::max(1, rows / kAsked);
    for (int column = 0; column < model.columnCount(); ++column) {
        int width = m_table->horizontalHeader()->sectionSizeHint(column);
        for (int row = rows - 1; row >= 0; row -= every)
            width =
                std::max(width, m_table->sizeHintForIndex(model.index(row, column)).width() + 8);
        m_table->setColumnWidth(column, width);
    }
}

void TwinPanel::addBelow(QWidget* part)
{
    m_column->insertWidget(m_column->count() - 1, part, 1);
}

void TwinPanel::linkRows(PointChart* chart)
{
    QItemSelectionModel* const selection = m_table->selectionModel();
    connect(chart, &PointChart::rowShown, this, [this, selection](int row) {
        if (row >= 0 && !isTableShown())
            selection->setCurrentIndex(m_table->model()->index(row, 0),
                                       QItemSelectionModel::ClearAndSelect |
                                           QItemSelectionModel::Rows);
    });
    connect(selection, &QItemSelectionModel::currentRowChanged, this,
            [this, chart](const QModelIndex& row) {
                if (isTableShown()) chart->showRow(row.isValid() ? row.row() : -1);
            });
}

void TwinPanel::addButtons()
{
    auto* const table = new QToolButton(this);
    table->setDefaultAction(findChild<QAction*>(QStringLiteral("chartTable")));
    table->setObjectName(QStringLiteral("chartTableButton"));
    auto* const save = new QToolButton(this);
    save->setObjectName(QStringLiteral("chartSaveButton"));
    save->setIcon(themedIcon(QStringLiteral("save")));
    save->setToolTip(tr("Save or copy"));
    save->setAccessibleName(tr("Save or copy"));
    save->setPopupMode(QToolButton::InstantPopup);
    auto* const menu = new QMenu(save);
    menu->addActions(m_chart->actions());
    save->setMenu(menu);
    for (QToolButton* const button : {table, save}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        m_tools->addWidget(button);
    }
    table->setAccessibleName(table->defaultAction()->text());
}

QAction* TwinPanel::addCommand(const char* name, const QString& text, const QString& tip)
{
    auto* const action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setToolTip(tip);
    m_chart->addAction(action);
    m_table->addAction(action);
    return action;
}

void TwinPanel::buildMenu()
{
    m_chart->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    QAction* const table =
        addCommand("chartTable", tr("Show as &table"), tr("The same figures as a table"));
    table->setCheckable(true);
    table->setIcon(themedIcon(QStringLiteral("table")));
    connect(table, &QAction::toggled, this, &TwinPanel::setTableShown);
    connect(this, &TwinPanel::tableShownChanged, table, &QAction::setChecked);
    QAction* const copied = addCommand("chartCopy", tr("&Copy"),
                                       tr("Copy the picture, or the chosen cells of the table"));
    copied->setShortcut(QKeySequence::Copy);
    copied->setShortcutContext(Qt::WidgetShortcut);
    connect(copied, &QAction::triggered, this, &TwinPanel::copy);
    const auto picture = [this](const char* name, const QString& text, const QString& tip,
                                const Picture& how) {
        connect(addCommand(name, text, tip), &QAction::triggered, this,
                [this, how] { askPicture(how); });
    };
    Picture how;
    how.scale = 1;
    picture("chartPng", tr("Save as &PNG..."), tr("A picture of 900 x 560 pixels"), how);
    how.scale = 2;
    picture("chartPng2", tr("Save as PNG, &twice as sharp..."),
            tr("A picture of 1800 x 1120 pixels"), how);
    how.kind = Picture::Kind::Svg;
    picture("chartSvg", tr("Save as &SVG..."), tr("A drawing for the web"), how);
    how.kind = Picture::Kind::Pdf;
    picture("chartPdf", tr("Save as P&DF..."), tr("A drawing for print"), how);
    connect(addCommand("chartCsv", tr("Save figures as CS&V..."),
                       tr("All figures of the table, for other programs")),
            &QAction::triggered, this, &TwinPanel::askCsv);
}

bool TwinPanel::isTableShown() const
{
    return m_pages->currentWidget() == m_table;
}

void TwinPanel::setTableShown(bool on)
{
    if (on == isTableShown()) return;
    const bool focused = m_pages->currentWidget()->hasFocus();
    m_pages->setCurrentIndex(on ? 1 : 0);
    if (focused) m_pages->currentWidget()->setFocus();
    Q_EMIT tableShownChanged(on);
}

void TwinPanel::setSummary(const QString& sentence)
{
    m_summary->setText(sentence);
    m_chart->setSummary(sentence);
    m_table->setAccessibleDescription(sentence);
}

void TwinPanel::copy()
{
    if (!isTableShown()) {
        QApplication::clipboard()->setPixmap(m_chart->grab());
        return;
    }
    QModelIndexList cells = m_table->selectionModel()->selectedIndexes();
    if (cells.isEmpty()) return;
    QApplication::clipboard()->setText(copyTextOf(cells));
}

void TwinPanel::askPicture(const Picture& how)
{
    const auto write = [this, how](const QString& path, QString* problem) {
        return m_chart->savePicture(path, how, problem);
    };
    switch (how.kind) {
    case Picture::Kind::Png:
        return askFile(QStringLiteral("png"), tr("Pictures (*.png)"), write);
    case Picture::Kind::Svg:
        return askFile(QStringLiteral("svg"), tr("Drawings (*.svg)"), write);
    case Picture::Kind::Pdf:
        return askFile(QStringLiteral("pdf"), tr("Documents (*.pdf)"), write);
    }
}

void TwinPanel::askCsv()
{
    askFile(QStringLiteral("csv"), tr("Tables (*.csv)"),
            [this](const QString& path, QString* problem) {
                return writeTextFile(path, csvOf(*m_table->model()), problem);
            });
}

void TwinPanel::askFile(const QString& suffix, const QString& filter,
                        const std::function<bool(const QString&, QString*)>& write)
{
    auto* const dialog = new QFileDialog(this, tr("Save the chart"), QString(), filter);
    dialog->setObjectName(QStringLiteral("chartFile"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(QStringLiteral("chart.") + suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, write](const QString& path) {
        QString problem;
        if (write(path, &problem))
            Q_EMIT saved(tr("The chart was written to %1.").arg(path));
        else
            Q_EMIT failed(problem);
    });
    dialog->open();
}

} // namespace bs::ui
