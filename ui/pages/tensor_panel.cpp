#include "ui/pages/tensor_panel.h"

#include "ui/models/words.h"
#include "ui/pages/figure_panel.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/looks.h"

#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace bs::ui {

namespace {

QString figure(double number)
{
    return QLocale().toString(number, 'g', 4);
}

QString factsOf(const TensorDetails& d)
{
    const QLocale locale;
    const double zeros =
        d.count > 0 ? 100 * static_cast<double>(d.zeros) / static_cast<double>(d.count) : 0;
    const QString where = TensorPanel::tr("%1 · %2 · %3")
                              .arg(d.tensor.shapeText(), d.tensor.dtype, sizeText(d.tensor.bytes));
    const QString values =
        TensorPanel::tr("min %1 · max %2 · mean %3 · standard deviation %4 · largest magnitude %5")
            .arg(figure(d.min), figure(d.max), figure(d.mean), figure(d.deviation),
                 figure(d.largest));
    const QString odd = TensorPanel::tr("%1 values · %2 % zeros · %3 not finite")
                            .arg(locale.toString(d.count), locale.toString(zeros, 'g', 3),
                                 locale.toString(d.notFinite));
    return QStringList{where, values, odd}.join(QLatin1Char('\n'));
}

} // namespace

TensorPanel::TensorPanel(QWidget* parent)
    : QWidget(parent)
    , m_name(new ElidedLabel(this))
    , m_facts(new QLabel(this))
    , m_progress(new QProgressBar(this))
    , m_tabs(new QTabWidget(this))
    , m_values(new FigurePanel(QStringLiteral("values"), FigurePlot::Style::Bars,
                               {tr("Values"), tr("Value"), tr("How many"), tr("No values.")}, this))
    , m_codes(new FigurePanel(
          QStringLiteral("codes"), FigurePlot::Style::Bars,
          {tr("Codes"), tr("Code"), tr("Weights"), tr("Only matrices of a stack have codes.")},
          this))
    , m_residuals(new FigurePanel(QStringLiteral("residuals"), FigurePlot::Style::Line,
                                  {tr("Error by depth"), tr("Bits per weight"), tr("Error left, %"),
                                   tr("Only matrices of a stack have depths.")},
                                  this))
{
    m_name->setObjectName(QStringLiteral("tensorName"));
    scaleFont(m_name, 1.1, true);
    m_facts->setObjectName(QStringLiteral("tensorFacts"));
    m_facts->setWordWrap(true);
    m_facts->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_progress->setObjectName(QStringLiteral("tensorProgress"));
    m_progress->setAccessibleName(tr("Reading the tensor"));
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(6);
    m_tabs->setObjectName(QStringLiteral("tensorCharts"));
    m_tabs->setAccessibleName(tr("Charts of the tensor"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_values, tr("Values"));
    m_tabs->addTab(m_codes, tr("Codes"));
    m_tabs->addTab(m_residuals, tr("Error by depth"));
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(11, 6, 11, 4);
    column->setSpacing(4);
    column->addWidget(m_name);
    column->addWidget(m_facts);
    column->addWidget(m_progress);
    column->addWidget(m_tabs, 1);
    setNote(tr("Choose a tensor to see its values."));
}

void TensorPanel::setBusy(const QString& tensor)
{
    m_name->setText(tensor);
    m_name->setToolTip(tensor);
    m_facts->setText(tr("Reading its values ..."));
    m_progress->setRange(0, 0);
    m_progress->show();
}

void TensorPanel::setProgress(double done, double total)
{
    constexpr int kSteps = 1000;
    if (!(total > 0)) return;
    m_progress->setRange(0, kSteps);
    m_progress->setValue(qRound(kSteps * done / total));
}

void TensorPanel::setDetails(const TensorDetails& details)
{
    m_progress->hide();
    m_tabs->show();
    m_name->setText(details.tensor.name);
    m_name->setToolTip(details.tensor.name);
    m_facts->setText(factsOf(details));
    m_values->model()->setValues(details);
    m_codes->model()->setCodes(details);
    m_residuals->model()->setResiduals(details);
    const bool stack = !details.residuals.isEmpty();
    m_tabs->setTabVisible(m_tabs->indexOf(m_codes), stack);
    m_tabs->setTabVisible(m_tabs->indexOf(m_residuals), stack);
}

void TensorPanel::setNote(const QString& sentence)
{
    m_progress->hide();
    m_tabs->hide();
    m_name->clear();
    m_facts->setText(sentence);
}

QList<TwinPanel*> TensorPanel::charts() const
{
    return {m_values, m_codes, m_residuals};
}

} // namespace bs::ui
