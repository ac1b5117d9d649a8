#include "ui/pages/inspect_page.h"
#include "ui/pages/twin_panel.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/main_window.h"

namespace bs::ui {

void MainWindow::connectInspect()
{
    auto* const page = new InspectPage(this);
    addPage(page, tr("Inspect"), m_actions.showInspect);
    connect(&m_session, &EngineSession::cardChanged, page,
            [this, page] { page->setPath(m_session.path()); });
    for (TwinPanel* const panel : page->charts()) {
        connect(panel, &TwinPanel::saved, m_message, &MessageBar::showDone);
        connect(panel, &TwinPanel::failed, m_message, &MessageBar::showProblem);
    }
}

} // namespace bs::ui
