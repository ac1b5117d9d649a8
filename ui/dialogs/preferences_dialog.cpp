#include "ui/dialogs/preferences_dialog.h"

#include "ui/models/device_words.h"
#include "ui/models/words.h"
#include "ui/widgets/looks.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QThread>
#include <QVBoxLayout>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kMostDeviceWidth = 640; // some 90 characters

} // namespace

PreferencesDialog::PreferencesDialog(const Preferences& current,
                                     const QList<ComputeDevice>& devices, QWidget* parent)
    : QDialog(parent)
    , m_current(current)
{
    setObjectName(QStringLiteral("preferencesDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Preferences"));
    auto* const buttons =
        new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->setObjectName(QStringLiteral("preferButtons"));
    connect(buttons, &QDialogButtonBox::accepted, this, &PreferencesDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* const column = new QVBoxLayout(this);
    column->addWidget(buildEngine(devices));
    column->addWidget(buildWindow());
    column->addWidget(buildCache());
    column->addStretch(1);
    column->addWidget(buttons);
    connect(&m_cache, &CacheStore::measured, this, &PreferencesDialog::showCache);
    connect(&m_cache, &CacheStore::failed, this, [this](const QString& sentence) {
        m_problem->setText(sentence);
        m_problem->show();
    });
    m_cache.measure();
}

QWidget* PreferencesDialog::buildEngine(const QList<ComputeDevice>& devices)
{
    auto* const box = new QGroupBox(tr("Engine"), this);
    auto* const form = new QFormLayout(box);
    m_device = new QComboBox(box);
    m_device->setObjectName(QStringLiteral("preferDevice"));
    m_device->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_device->setToolTip(tr("What models run on that are opened from now on; automatic: the first "
                            "graphics card if there is one with room, or else the processor"));
    showDevices(devices);
    m_threads = new QSpinBox(box);
    m_threads->setObjectName(QStringLiteral("preferThreads"));
    m_threads->setRange(0, QThread::idealThreadCount());
    m_threads->setSpecialValueText(tr("All (%1)").arg(QThread::idealThreadCount()));
    m_threads->setValue(m_current.threads);
    m_threads->setToolTip(tr("Threads that answers and jobs compute with; a model that is open is "
                             "loaded again"));
    m_context = new QSpinBox(box);
    m_context->setObjectName(QStringLiteral("preferContext"));
    m_context->setRange(64, 1 << 20);
    m_context->setSingleStep(256);
    m_context->setSuffix(tr(" tokens"));
    m_context->setValue(static_cast<int>(m_current.context));
    m_context->setToolTip(tr("Context length of models that are opened from now on"));
    form->addRow(tr("&Device"), m_device);
    form->addRow(tr("&Threads"), m_threads);
    form->addRow(tr("&Context length"), m_context);
    return box;
}

void PreferencesDialog::showDevices(const QList<ComputeDevice>& devices)
{
    const QString chosen =
        m_device->count() > 0 ? m_device->currentData().toString() : m_current.device;
    const QList<DeviceChoice> choices = deviceChoices(devices, chosen);
    for (qsizetype i = 0; i < choices.size(); ++i) {
        const int row = static_cast<int>(i);
        if (row == m_device->count()) m_device->addItem(QString());
        m_device->setItemText(row, choices[i].text);
        m_device->setItemData(row, choices[i].id);
    }
    while (m_device->count() > choices.size())
        m_device->removeItem(m_device->count() - 1);
    m_device->setCurrentIndex(m_device->findData(chosen));
    // A dialog that is shown already grows for its parts' least width only.
    m_device->setMinimumWidth(std::min(m_device->sizeHint().width(), kMostDeviceWidth));
}

QWidget* PreferencesDialog::buildWindow()
{
    auto* const box = new QGroupBox(tr("Window"), this);
    auto* const form = new QFormLayout(box);
    m_language = new QComboBox(box);
    m_language->setObjectName(QStringLiteral("preferLanguage"));
    m_language->addItem(tr("The system's"), QString());
    for (const Language& language : languages())
        m_language->addItem(language.name, language.code);
    m_language->setCurrentIndex(std::max(0, m_language->findData(m_current.language)));
    auto* const note = new QLabel(tr("Another language shows at the next start."), box);
    makeQuiet(note);
    form->addRow(tr("&Language"), m_language);
    form->addRow(QString(), note);
    return box;
}

QWidget* PreferencesDialog::buildCache()
{
    auto* const box = new QGroupBox(tr("Kept for later"), this);
    m_problem = new QLabel(box);
    m_problem->setWordWrap(true);
    makeWarning(m_problem);
    m_problem->hide();
    auto* const where = new QLabel(CacheStore::folder(), box);
    where->setTextInteractionFlags(Qt::TextSelectableByMouse);
    makeQuiet(where);
    m_cacheForm = new QFormLayout;
    auto* const column = new QVBoxLayout(box);
    column->addLayout(m_cacheForm);
    column->addWidget(where);
    column->addWidget(m_problem);
    return box;
}

void PreferencesDialog::showCache(const QList<CachedFiles>& files)
{
    while (m_cacheForm->rowCount() > 0)
        m_cacheForm->removeRow(0);
    for (const CachedFiles& place : files) {
        auto* const row = new QWidget(this);
        auto* const size = new QLabel(place.bytes > 0 ? sizeText(place.bytes) : tr("nothing"), row);
        auto* const clear = new QPushButton(tr("Clear"), row);
        clear->setObjectName(QStringLiteral("clear:") + place.name);
        clear->setAccessibleName(tr("Clear %1").arg(place.name));
        clear->setToolTip(tr("Delete %1").arg(place.path));
        clear->setEnabled(place.bytes > 0);
        connect(clear, &QPushButton::clicked, this, [this, path = place.path] {
            m_problem->hide();
            m_cache.clear(path);
        });
        auto* const line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->addWidget(size, 1);
        line->addWidget(clear);
        m_cacheForm->addRow(place.name, row);
    }
}

void PreferencesDialog::accept()
{
    Preferences preferences = m_current;
    preferences.threads = m_threads->value();
    preferences.context = m_context->value();
    preferences.device = m_device->currentData().toString();
    preferences.language = m_language->currentData().toString();
    Q_EMIT chosen(preferences);
    QDialog::accept();
}

} // namespace bs::ui
