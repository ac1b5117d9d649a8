#include "ui/dialogs/log_dialog.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/pages/model_panel.h"
#include "ui/window/main_window.h"

#include <QAction>

namespace bs::ui {

void MainWindow::connectPreferences()
{
    connect(m_actions.preferences, &QAction::triggered, this, &MainWindow::showPreferences);
    connect(m_actions.showLog, &QAction::triggered, this,
            [this] { (new LogDialog(this))->open(); });
    m_preferences = Preferences::load();
    WorkerClient::setThreads(m_preferences.threads);
    m_modelPanel->setContextLength(m_preferences.context);
}

void MainWindow::showPreferences()
{
    auto* const dialog = new PreferencesDialog(m_preferences, m_session.device(), this);
    connect(dialog, &PreferencesDialog::chosen, this, &MainWindow::applyPreferences);
    dialog->open();
}

void MainWindow::applyPreferences(const Preferences& chosen)
{
    const Preferences before = std::exchange(m_preferences, chosen);
    chosen.save();
    if (chosen.context != before.context && m_session.path().isEmpty())
        m_modelPanel->setContextLength(chosen.context);
    if (chosen.threads == before.threads) return;
    WorkerClient::setThreads(chosen.threads);
    m_session.restart();
}

} // namespace bs::ui
