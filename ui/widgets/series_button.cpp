#include "ui/widgets/series_button.h"

#include "ui/plots/point_chart.h"

#include <QListWidget>
#include <QMenu>
#include <QSignalBlocker>
#include <QWidgetAction>

#include <algorithm>

namespace bs::ui {

SeriesButton::SeriesButton(PointChart* chart, QWidget* parent)
    : QToolButton(parent)
    , m_chart(chart)
{
    setObjectName(QStringLiteral("chartSeriesButton"));
    setText(tr("Series") + QStringLiteral(" \u25be")); // a style's own arrow covers the text
    setAccessibleName(tr("Series shown"));
    setToolTip(tr("Which lines are shown; a click in the legend does the same"));
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    auto* const menu = new QMenu(this);
    m_list = new QListWidget(menu);
    m_list->setObjectName(QStringLiteral("chartSeries"));
    m_list->setAccessibleName(tr("Series shown"));
    m_list->setFrameShape(QFrame::NoFrame);
    auto* const holder = new QWidgetAction(menu);
    holder->setDefaultWidget(m_list);
    menu->addAction(holder);
    connect(this, &QToolButton::clicked, menu,
            [this, menu] { menu->popup(mapToGlobal(rect().bottomLeft())); });
    connect(menu, &QMenu::aboutToShow, this, [this] {
        refresh();
        m_list->setFocus();
    });
    connect(m_list, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        m_chart->setLineShown(item->text(), item->checkState() == Qt::Checked);
    });
    connect(m_chart, &PointChart::linesChanged, this, &SeriesButton::refresh);
    refresh();
}

void SeriesButton::refresh()
{
    const QSignalBlocker quiet(m_list);
    const QStringList names = m_chart->lineNames();
    setEnabled(!names.isEmpty());
    while (m_list->count() > names.size())
        delete m_list->takeItem(m_list->count() - 1);
    for (int i = 0; i < names.size(); ++i) {
        if (i == m_list->count()) m_list->addItem(QString());
        QListWidgetItem* const item = m_list->item(i);
        item->setText(names.at(i));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(m_chart->isLineShown(names.at(i)) ? Qt::Checked : Qt::Unchecked);
    }
    if (m_list->currentRow() < 0) m_list->setCurrentRow(0);
    const int rows = std::clamp(static_cast<int>(names.size()), 1, 12);
    m_list->setFixedHeight(rows * std::max(m_list->sizeHintForRow(0), 20) + 4);
    m_list->setMinimumWidth(m_list->sizeHintForColumn(0) + 16);
}

} // namespace bs::ui
