#include "ui/pages/compare_page.h"

#include "ui/dialogs/compare_measure_dialog.h"
#include "ui/models/compare_words.h"
#include "ui/pages/compare_columns.h"
#include "ui/pages/keep_row.h"
#include "ui/pages/pin_menu.h"
#include "ui/pages/prompt_edit.h"

#include <QApplication>
#include <QClipboard>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>

#include <utility>

namespace bs::ui {

bool ComparePage::canAnswer() const
{
    return m_comparison.canRun() && !m_keep->isRunning() &&
           !m_prompt->toPlainText().trimmed().isEmpty();
}

/// A plan has no budget that a measurement could be asked for.
bool ComparePage::canMeasure() const
{
    const auto measurable = [this](Side side) {
        return m_comparison.weight(side).isKnown() && m_comparison.pin(side).plan.isEmpty();
    };
    return measurable(Side::A) && measurable(Side::B);
}

void ComparePage::pinOpen(Side side)
{
    restorePins();
    const Pin pin = PinMenu::openPin(*m_session);
    if (pin.isSet()) m_comparison.setPin(side, pin);
}

AnswerSettings ComparePage::settings() const
{
    AnswerSettings settings;
    settings.temperature = m_temperature->value();
    settings.maxTokens = m_tokens->value();
    settings.seed = m_seed->value();
    return settings;
}

void ComparePage::answer()
{
    if (canAnswer()) m_comparison.run(m_prompt->toPlainText().trimmed(), settings());
}

void ComparePage::copyMarkdown()
{
    Both<QString> names;
    Both<TokenAnswer> answers;
    for (const Side side : kSides) {
        names[side] = pinName(m_comparison.pin(side), m_comparison.weight(side));
        answers[side] = m_comparison.answer(side);
    }
    QApplication::clipboard()->setText(comparisonMarkdown(
        m_comparison.prompt(), names, answers, m_columns->sentence(), m_figures.markdown()));
}

void ComparePage::askMeasure()
{
    if (!canMeasure()) return;
    Both<Pin> pins;
    Both<PinWeight> weights;
    for (const Side side : kSides) {
        pins[side] = m_comparison.pin(side);
        weights[side] = m_comparison.weight(side);
    }
    auto* const dialog = new CompareMeasureDialog(pins, weights, m_library->path(), this);
    connect(dialog, &CompareMeasureDialog::startRequested, this, &ComparePage::measureRequested);
    dialog->open();
}

void ComparePage::readMeasurements()
{
    m_read.clear();
    for (const Side side : kSides)
        if (m_comparison.weight(side).isKnown())
            m_read.append(m_comparison.weight(side).artifactHash());
    m_library->readMeasurements(m_read);
}

void ComparePage::takeMeasured(const QList<CurvePoint>& points)
{
    m_measured = points;
    showFigures();
}

void ComparePage::setSeries(const QList<CurveSeries>& series)
{
    for (const Side side : kSides)
        m_menus[side]->setSeries(series);
}

QString ComparePage::speedNote() const
{
    if (!m_comparison.answer(Side::A).isDone() && !m_comparison.answer(Side::B).isDone()) return {};
    return m_comparison.answersTogether()
               ? tr("Both answered at once, each with its part of the processor.")
               : tr("One answered after the other, each with all of the processor.");
}

void ComparePage::showFigures()
{
    using Reference = CompareFigures::Reference;
    Both<PinWeight> weights;
    for (const Side side : kSides)
        weights[side] = m_comparison.weight(side);
    const QString reference = CompareMeasureDialog::referenceOf(weights);
    Both<CompareFigures> figures;
    Both<MeasuredPin> pins;
    for (const Side side : kSides) {
        const PinWeight& weight = weights[side];
        CompareFigures& f = figures[side];
        f.known = weight.isKnown();
        f.reference = reference.isEmpty()                        ? Reference::Unknown
                      : m_comparison.pin(side).path == reference ? Reference::Itself
                                                                 : Reference::Other;
        f.fileBytes = weight.fileBytes;
        f.weightBytes = weight.weightBytes;
        f.tokensPerSecond = m_comparison.answer(side).tokensPerSecond;
        pins[side] = {weight.artifactHash(), weight.fileBytes};
    }
    const bool sameWay = takeMeasurements(m_measured, pins, figures);
    m_figures.setFigures(figures, sameWay, speedNote());
    updateControls();
}

void ComparePage::showPins()
{
    QStringList problems;
    for (const Side side : kSides) {
        const Pin& pin = m_comparison.pin(side);
        m_pins[side]->setText(pin.isSet()
                                  ? QStringLiteral("%1 · %2").arg(
                                        sideName(side), pinName(pin, m_comparison.weight(side)))
                                  : tr("%1 · choose ...").arg(sideName(side)));
        m_pins[side]->setToolTip(pin.isSet() ? pin.path
                                             : tr("Choose what %1 is").arg(sideName(side)));
        if (!m_comparison.problem(side).isEmpty())
            problems.append(
                QStringLiteral("%1: %2").arg(sideName(side), m_comparison.problem(side)));
    }
    m_problem->setText(problems.join(QLatin1Char('\n')));
    m_problem->setVisible(!problems.isEmpty());
    readMeasurements();
    showNext();
    showFigures();
}

/// Until there are two, the one thing that comes next.
void ComparePage::showNext()
{
    const bool open = m_session->state().loaded;
    const bool a = m_comparison.pin(Side::A).isSet();
    const bool both = a && m_comparison.pin(Side::B).isSet();
    m_body->setCurrentIndex(both ? 1 : 0);
    if (both) return;
    const Side side = a ? Side::B : Side::A;
    m_nextButton->setText(open ? tr("Take the size that is set now as %1").arg(sideName(side))
                               : tr("Open a model..."));
    if (!open)
        m_next->setText(
            tr("Two models answer the same prompt here, side by side. Open one first."));
    else if (!a)
        m_next->setText(
            tr("Two models answer the same prompt here, side by side. Choose A: a size of "
               "the open model, or another file."));
    else
        m_next->setText(
            tr("A is %1. Set another size with the slider and take it as B, or choose B "
               "above.")
                .arg(pinName(m_comparison.pin(Side::A), m_comparison.weight(Side::A))));
}

void ComparePage::updateControls()
{
    const bool running = m_comparison.isRunning();
    const bool hadFocus = m_stop->hasFocus() || m_answer->hasFocus();
    m_answer->setVisible(!running);
    m_stop->setVisible(running);
    if (hadFocus) m_prompt->setFocus();
    m_answer->setEnabled(canAnswer());
    for (const Side side : kSides)
        m_pins[side]->setEnabled(!running);
    m_measure->setVisible(m_figures.lacksMeasurements(Side::A) ||
                          m_figures.lacksMeasurements(Side::B));
    m_measure->setEnabled(canMeasure());
    m_measure->setToolTip(canMeasure()
                              ? tr("Measure perplexity and divergence of both on a text")
                              : tr("Only sizes and whole files can be measured from here."));
    Q_EMIT availabilityChanged();
}

/// Not before they are of use: looking at them takes a process and some reading.
void ComparePage::restorePins()
{
    if (!std::exchange(m_restored, true)) m_comparison.restore();
}

void ComparePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    restorePins();
}

void ComparePage::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    if (m_body->currentIndex() == 1)
        m_prompt->setFocus();
    else
        m_nextButton->setFocus();
}

} // namespace bs::ui
