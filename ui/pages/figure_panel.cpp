#include "ui/pages/figure_panel.h"

#include <QBoxLayout>
#include <QTableView>

namespace bs::ui {

FigurePanel::FigurePanel(const QString& name, FigurePlot::Style style,
                         const FigurePlot::Titles& titles, QWidget* parent)
    : FigurePanel(name, new FigurePlot(style, titles), new FiguresModel, parent)
{
    setSummary(titles.empty);
}

FigurePanel::FigurePanel(const QString& name, FigurePlot* plot, FiguresModel* model,
                         QWidget* parent)
    : TwinPanel(plot, model, parent)
    , m_model(model)
{
    model->setParent(this);
    plot->setObjectName(name + QStringLiteral("Plot"));
    plot->setModel(model, table()->selectionModel());
    table()->setObjectName(name + QStringLiteral("Table"));
    table()->setAccessibleName(plot->title());
    tools()->addStretch(1);
    addButtons();
    const auto tell = [this] {
        setSummary(m_model->summary().isEmpty() ? tr("There are no values.") : m_model->summary());
    };
    connect(model, &QAbstractItemModel::modelReset, this, tell);
    tell();
}

} // namespace bs::ui
