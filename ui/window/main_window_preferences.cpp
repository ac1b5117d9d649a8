#include "ui/dialogs/log_dialog.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/pages/model_panel.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QFileInfo>

namespace bs::ui {

void MainWindow::connectPreferences()
{
    connect(m_actions.preferences, &QAction::triggered, this, &MainWindow::showPreferences);
    connect(m_actions.showLog, &QAction::triggered, this,
            [this] { (new LogDialog(this))->open(); });
    m_preferences = Preferences::load();
    WorkerClient::setThreads(m_preferences.threads);
    WorkerClient::setDevice(m_preferences.device);
    m_modelPanel->setContextLength(m_preferences.context);
}

void MainWindow::showPreferences()
{
    auto* const dialog = new PreferencesDialog(m_preferences, m_session.devices(), this);
    connect(dialog, &PreferencesDialog::chosen, this, &MainWindow::applyPreferences);
    connect(&m_session, &EngineSession::deviceChanged, dialog,
            [this, dialog] { dialog->showDevices(m_session.devices()); });
    dialog->open();
    m_session.askDevices();
}

void MainWindow::applyPreferences(const Preferences& chosen)
{
    const Preferences before = std::exchange(m_preferences, chosen);
    chosen.save();
    if (chosen.context != before.context && m_session.path().isEmpty())
        m_modelPanel->setContextLength(chosen.context);
    WorkerClient::setDevice(chosen.device);
    if (chosen.threads != before.threads) {
        WorkerClient::setThreads(chosen.threads);
        m_session.restart(); // on the chosen device, too
    } else if (chosen.device != before.device && !m_session.path().isEmpty()) {
        m_message->showMessage(MessageBar::Kind::Notice,
                               tr("The device that was chosen is used the next time a model is "
                                  "opened; %1 stays where it is until then.")
                                   .arg(QFileInfo(m_session.path()).fileName()));
        offer(tr("Open it again"), [this] { m_session.reopen(); });
    }
}

} // namespace bs::ui
