#include "ui/pages/pin_menu.h"

#include "ui/models/compare_words.h"
#include "ui/models/recipe_edit.h"
#include "ui/models/words.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLocale>

#include <algorithm>

namespace bs::ui {

namespace {

/// All of a file.
Pin fileAt(const QString& path)
{
    Pin pin;
    pin.path = path;
    return pin;
}

} // namespace

PinMenu::PinMenu(Side side, EngineSession* session, Comparison* comparison, QWidget* parent)
    : QMenu(parent)
    , m_side(side)
    , m_session(session)
    , m_comparison(comparison)
    , m_measured(new QMenu(tr("&Measured size"), this))
    , m_named(new QMenu(tr("Named &plan"), this))
{
    setObjectName(QStringLiteral("pinMenu") + sideName(side));
    setTitle(tr("What %1 is").arg(sideName(side)));
    setToolTipsVisible(true);
    m_measured->setToolTipsVisible(true);
    m_named->setToolTipsVisible(true);
    connect(this, &QMenu::aboutToShow, this, &PinMenu::build);
}

Pin PinMenu::openPin(const EngineSession& session)
{
    const EngineState& state = session.state();
    if (!state.loaded) return {};
    Pin pin = fileAt(session.path());
    if (!session.card().stack) return pin;
    pin.budgetBytes = state.fileBytes;
    pin.rules = session.recipe();
    if (!pin.rules.isEmpty()) pin.label = tr("Recipe at %1").arg(sizeText(state.fileBytes));
    return pin;
}

QAction* PinMenu::addPin(QMenu* menu, const QString& text, const Pin& pin)
{
    QAction* const action = menu->addAction(text);
    action->setToolTip(pin.path);
    action->setEnabled(pin.isSet());
    connect(action, &QAction::triggered, this, [this, pin] { m_comparison->setPin(m_side, pin); });
    return action;
}

void PinMenu::build()
{
    clear();
    const bool stack = m_session->card().stack.has_value();
    const Pin open = openPin(*m_session);
    const QString name = !open.isSet() ? tr("no model is open")
                         : stack       ? sizeText(*open.budgetBytes)
                                       : QFileInfo(open.path).fileName();
    addPin(this,
           stack ? tr("The &size that is set now (%1)").arg(name)
                 : tr("The &open model (%1)").arg(name),
           open);
    QAction* const other = addAction(tr("&Another size..."));
    other->setToolTip(tr("A size of the stack that is open"));
    other->setEnabled(open.isSet() && stack);
    connect(other, &QAction::triggered, this, &PinMenu::askSize);
    addMeasured();
    addPlans();
    addSeparator();
    QAction* const dense = addPin(this, tr("The &uncompressed model"), fileAt(densePath()));
    if (!dense->isEnabled()) dense->setToolTip(tr("Known once a stack of this model is A or B"));
    QAction* const file = addAction(tr("&File..."));
    file->setToolTip(tr("Another stack, a GGUF file or the safetensors of a Hugging Face folder"));
    connect(file, &QAction::triggered, this, &PinMenu::askFile);
    addSeparator();
    QAction* const none = addPin(this, tr("&Nothing"), {});
    none->setToolTip(tr("Take this one away"));
    none->setEnabled(m_comparison->pin(m_side).isSet());
}

/// Points of the chart: a size is worth comparing where its quality is known.
void PinMenu::addMeasured()
{
    m_measured->clear();
    addMenu(m_measured);
    for (const CurveSeries& series : m_series) {
        if (series.predicted) continue;
        for (const CurveDot& dot : series.dots) {
            Pin pin = fileAt(series.path);
            if (!series.dense) pin.budgetBytes = dot.bytes;
            addPin(m_measured,
                   tr("%1 of %2 (perplexity %3)")
                       .arg(sizeText(dot.bytes), QFileInfo(series.path).fileName(),
                            QLocale().toString(dot.value, 'f', 2)),
                   pin);
        }
    }
    m_measured->setEnabled(!m_measured->isEmpty());
}

void PinMenu::addPlans()
{
    m_named->clear();
    addMenu(m_named);
    for (const PlanRecord& plan : m_plans) {
        Pin pin = fileAt(m_session->path());
        pin.label = QString::fromStdString(plan.name);
        pin.budgetBytes = static_cast<qint64>(plan.fileBytes);
        pin.rules = textsOf(plan.rules);
        if (pin.rules.isEmpty()) // it has nothing but its depths
            pin.plan = {plan.depths.begin(), plan.depths.end()};
        addPin(m_named, tr("%1 (%2)").arg(pin.label, sizeText(*pin.budgetBytes)), pin);
    }
    m_named->setEnabled(!m_named->isEmpty());
}

/// Of what is A or B, or was measured beside its stack.
QString PinMenu::densePath() const
{
    for (const Side side : {otherOf(m_side), m_side})
        if (const QString path = m_comparison->weight(side).sourcePath; !path.isEmpty())
            return path;
    const auto dense = std::find_if(m_series.begin(), m_series.end(), [](const CurveSeries& s) {
        return s.dense && QFileInfo::exists(s.path);
    });
    return dense == m_series.end() ? QString() : dense->path;
}

void PinMenu::askSize()
{
    const ModelCard card = m_session->card();
    auto* const dialog = new QInputDialog(parentWidget());
    dialog->setObjectName(QStringLiteral("pinSizeDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("What %1 is").arg(sideName(m_side)));
    dialog->setLabelText(
        tr("A size from %1 to %2, such as 60MB, min or max:")
            .arg(sizeText(card.stack->smallestBytes), sizeText(card.stack->largestBytes)));
    dialog->setTextValue(sizeText(m_session->state().fileBytes));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, card](const QString& text) {
        QString problem;
        const QString size = text.trimmed();
        const qint64 bytes = size == QLatin1String("min")   ? card.stack->smallestBytes
                             : size == QLatin1String("max") ? card.stack->largestBytes
                                                            : parseSizeText(size, &problem);
        if (bytes < 0) {
            m_comparison->refuse(m_side, problem);
            return;
        }
        Pin pin = fileAt(card.path);
        pin.budgetBytes = bytes;
        m_comparison->setPin(m_side, pin);
    });
    dialog->open();
}

void PinMenu::askFile()
{
    const QString path =
        QFileDialog::getOpenFileName(parentWidget(), tr("What %1 is").arg(sideName(m_side)),
                                     QFileInfo(m_session->path()).absolutePath(),
                                     tr("Models (*.gguf *.bitstack *.safetensors);;All files (*)"));
    if (!path.isEmpty()) m_comparison->setPin(m_side, fileAt(path));
}

} // namespace bs::ui
