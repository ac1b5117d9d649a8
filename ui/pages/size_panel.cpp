#include "ui/pages/size_panel.h"

#include "ui/models/words.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/memory_bar.h"
#include "ui/widgets/size_ticks.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace bs::ui {

SizePanel::SizePanel(EngineSession* session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_pages(new QStackedWidget(this))
    , m_memory(new MemoryBar(this))
    , m_history([this](qint64 bytes) { apply(bytes); })
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(11, 6, 11, 8);
    column->addWidget(m_pages, 1);
    column->addWidget(m_memory);
    auto* const offer = new QWidget(this);
    auto* const controls = new QWidget(this);
    buildOffer(offer);
    buildControls(controls);
    m_pages->addWidget(offer);
    m_pages->addWidget(controls);
    connect(session, &EngineSession::cardChanged, this, &SizePanel::updateSizes);
    connect(session, &EngineSession::sizesChanged, this, &SizePanel::updateSizes);
    connect(session, &EngineSession::stackChanged, this, &SizePanel::updateTicks);
    connect(session, &EngineSession::stateChanged, this, &SizePanel::updateState);
    updateSizes();
}

void SizePanel::buildOffer(QWidget* page)
{
    m_offerText = new QLabel(page);
    m_offerText->setWordWrap(true);
    makeQuiet(m_offerText);
    m_compress = new QPushButton(tr("Compress..."), page);
    m_compress->setObjectName(QStringLiteral("sizeCompress"));
    m_compress->setToolTip(tr("Cut the model into blocks, once"));
    connect(m_compress, &QPushButton::clicked, this, &SizePanel::compressRequested);
    auto* const column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_offerText);
    column->addWidget(m_compress, 0, Qt::AlignLeft);
    column->addStretch(1);
}

void SizePanel::buildControls(QWidget* page)
{
    m_headline = new QLabel(page);
    m_headline->setObjectName(QStringLiteral("sizeHeadline"));
    scaleFont(m_headline, 1.7, true);
    m_slider = new QSlider(Qt::Horizontal, page);
    m_slider->setObjectName(QStringLiteral("sizeSlider"));
    m_slider->setRange(0, SizeScale::kSteps);
    m_slider->setSingleStep(SizeScale::kSteps / 100);
    m_slider->setPageStep(SizeScale::kSteps / 10);
    m_slider->setAccessibleName(tr("Budget"));
    m_slider->setToolTip(
        tr("How many bytes the model may use (arrow keys, Page Up and Down, Home, End)"));
    m_ticks = new SizeTicks(m_slider, page);
    m_smallest = new QLabel(page);
    m_largest = new QLabel(page);
    m_exact = new QLineEdit(page);
    m_exact->setObjectName(QStringLiteral("sizeExact"));
    m_exact->setAccessibleName(tr("Exact budget"));
    m_exact->setToolTip(tr("Bytes, or a size such as 105.5MB; Enter sets it"));
    m_depth = new QLabel(page);
    m_depth->setObjectName(QStringLiteral("sizeDepth"));
    m_weights = new QLabel(page);
    m_weights->setObjectName(QStringLiteral("sizeWeights"));
    m_gain = new QLabel(page);
    m_gain->setObjectName(QStringLiteral("sizeGain"));
    m_gain->setWordWrap(true);
    for (QLabel* const label : {m_smallest, m_largest, m_gain})
        makeQuiet(label);

    auto* const ends = new QHBoxLayout;
    ends->addWidget(m_smallest);
    ends->addStretch(1);
    ends->addWidget(m_largest);
    auto* const form = new QFormLayout;
    form->setVerticalSpacing(5);
    form->setHorizontalSpacing(12);
    form->addRow(tr("E&xact"), m_exact);
    form->addRow(tr("Depth"), m_depth);
    form->addRow(tr("In memory"), m_weights);
    auto* const column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_headline);
    column->addWidget(m_slider);
    column->addWidget(m_ticks);
    column->addLayout(ends);
    column->addWidget(recipeRow(page));
    column->addSpacing(4);
    column->addLayout(form);
    column->addWidget(m_gain);
    column->addStretch(1);
    connect(m_slider, &QSlider::valueChanged, this, &SizePanel::sliderMoved);
    connect(m_exact, &QLineEdit::returnPressed, this, &SizePanel::typed);
    connect(m_ticks, &SizeTicks::chosen, this,
            [this](int tick) { choose(m_session->stack()->marks.at(tick).bytes); });
}

void SizePanel::updateTicks()
{
    QList<SizeTick> ticks;
    if (const StackPointer& stack = m_session->stack())
        for (const StackRecord::Mark& mark : stack->marks)
            ticks.append({m_scale.stepOf(mark.bytes), mark.name, markText(mark), mark.peer});
    m_ticks->setTicks(ticks);
}

/// Says that the plan is not the loading order's, and how to go back.
QWidget* SizePanel::recipeRow(QWidget* page)
{
    m_recipeRow = new QWidget(page);
    m_recipe = new QLabel(m_recipeRow);
    m_recipe->setObjectName(QStringLiteral("sizeRecipe"));
    auto* const leave = new QPushButton(tr("Leave it"), m_recipeRow);
    leave->setObjectName(QStringLiteral("sizeLeaveRecipe"));
    leave->setToolTip(tr("Load by the loading order again; the rules are kept"));
    leave->setAccessibleName(tr("Leave the recipe"));
    connect(leave, &QPushButton::clicked, this, [this] { m_session->setRecipe({}); });
    auto* const row = new QHBoxLayout(m_recipeRow);
    row->setContentsMargins(0, 2, 0, 0);
    row->addWidget(m_recipe, 1);
    row->addWidget(leave);
    connect(m_session, &EngineSession::recipeChanged, this, &SizePanel::updateRecipe);
    updateRecipe();
    return m_recipeRow;
}

void SizePanel::updateRecipe()
{
    const QStringList& rules = m_session->recipe();
    m_recipeRow->setVisible(!rules.isEmpty());
    m_recipe->setText(rules.size() == 1 ? tr("A recipe is in use: %1").arg(rules.first())
                                        : tr("A recipe of %1 rules is in use").arg(rules.size()));
    m_recipe->setToolTip(rules.mid(0, 20).join(QLatin1Char('\n')));
}

void SizePanel::updateSizes()
{
    const ModelCard& card = m_session->card();
    if (std::exchange(m_path, card.path) != card.path) m_history.clear();
    m_compress->setVisible(!card.path.isEmpty());
    m_offerText->setText(
        card.path.isEmpty()
            ? tr("Open a model to see what its bytes buy.")
            : tr("This model has one size. Compress it once, and a slider here sets how "
                 "much memory it may use."));
    m_pages->setCurrentIndex(card.stack ? 1 : 0);
    if (!card.stack) {
        m_scale = {};
        return;
    }
    m_scale = SizeScale(card.stack->smallestBytes, card.stack->largestBytes, m_session->sizes());
    m_smallest->setText(sizeText(m_scale.smallestBytes()));
    m_largest->setText(sizeText(m_scale.largestBytes()));
    updateTicks();
    updateState();
}

/// What the engine holds, unless something else has been asked for since.
void SizePanel::updateState()
{
    const EngineState& state = m_session->state();
    m_memory->setParts(MemoryParts(state));
    const bool open = state.loaded && m_scale.isValid();
    m_slider->setEnabled(open);
    m_exact->setEnabled(open);
    if (!open) return;
    if (!m_slider->isSliderDown()) {
        const qint64 bytes = state.fileBytes > 0 ? state.fileBytes : state.budgetBytes;
        // Its own wish is not snapped to the plan below it, or small steps would never get
        // anywhere.
        if (m_session->wantedBudget() != m_chosen) {
            const QSignalBlocker quiet(m_slider);
            m_slider->setValue(m_scale.stepOf(bytes));
        }
        describe(bytes);
    }
    m_depth->setText(state.depthMin == state.depthMax
                         ? tr("%1 blocks in every matrix").arg(state.depthMin)
                         : tr("%1 to %2 blocks a matrix").arg(state.depthMin).arg(state.depthMax));
    tellMemory(state.weightBytes);
}

void SizePanel::describe(qint64 bytes)
{
    m_headline->setText(sizeText(bytes));
    m_headline->setToolTip(exactBytesText(bytes));
    if (!m_exact->hasFocus() || !m_exact->isModified()) {
        m_exact->setText(QString::number(bytes));
        m_exact->setModified(false);
    }
    const double share = m_scale.shareOfNextMegabyte(bytes);
    if (share < 0 || !m_session->recipe().isEmpty()) // it is the loading order's
        m_gain->clear();
    else if (share == 0)
        m_gain->setText(tr("Everything is loaded."));
    else
        m_gain->setText(tr("One more MB is expected to remove %1 % of the remaining error.")
                            .arg(numberText(100 * share, 'g', 2)));
}

void SizePanel::tellMemory(qint64 weightBytes)
{
    if (weightBytes < 0) return;
    m_weights->setText(tr("%1 of weights, %2 of KV cache")
                           .arg(sizeText(weightBytes), sizeText(m_session->state().kvBytes)));
}

void SizePanel::sliderMoved(int step)
{
    const qint64 bytes = m_scale.bytesAt(step);
    m_exact->setModified(false);
    describe(bytes);
    const SizePoint* const point = m_scale.pointFor(bytes);
    if (point != nullptr)
        m_depth->setText(tr("%1 to %2 blocks a matrix").arg(point->depthMin).arg(point->depthMax));
    tellMemory(m_scale.weightBytesAt(bytes)); // before anything is loaded
    remember(bytes);
    m_chosen = bytes;
    m_session->slide(bytes);
}

void SizePanel::typed()
{
    QString problem;
    qint64 bytes = -1;
    const QString text = m_exact->text().trimmed();
    if (text == QLatin1String("min"))
        bytes = m_scale.smallestBytes();
    else if (text == QLatin1String("max"))
        bytes = m_scale.largestBytes();
    else
        bytes = parseSizeText(text, &problem);
    if (bytes < 0) {
        Q_EMIT refused(problem);
        return;
    }
    if (bytes < m_scale.smallestBytes()) {
        Q_EMIT refused(tr("%1 is below the smallest plan of this model, %2.")
                           .arg(sizeText(bytes), sizeText(m_scale.smallestBytes())));
        return;
    }
    choose(std::min(bytes, m_scale.largestBytes()));
}

void SizePanel::choose(qint64 bytes)
{
    m_exact->setModified(false);
    remember(bytes);
    apply(bytes);
}

void SizePanel::remember(qint64 bytes)
{
    m_history.add(m_session->wantedBudget().value_or(m_session->state().fileBytes), bytes);
}

/// Sets a size that does not come from the slider.
void SizePanel::apply(qint64 bytes)
{
    {
        const QSignalBlocker quiet(m_slider);
        m_slider->setValue(m_scale.stepOf(bytes));
    }
    describe(bytes);
    m_chosen = bytes;
    m_session->slide(bytes);
}

void SizePanel::step(int by)
{
    if (m_slider->isEnabled()) m_slider->setValue(m_slider->value() + by * m_slider->singleStep());
}

void SizePanel::setToEnd(bool largest)
{
    if (m_slider->isEnabled())
        m_slider->setValue(largest ? m_slider->maximum() : m_slider->minimum());
}

} // namespace bs::ui
