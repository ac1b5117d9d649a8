#pragma once

#include "ui/pages/jobs_panel.h"
#include "ui/pages/runs_page.h"

namespace bs::ui {

/// The commands of the queue and of the run table; parts of WindowActions.
JobsPanel::Actions makeJobActions(QWidget* parent);
RunsPage::Actions makeRunActions(QWidget* parent);

} // namespace bs::ui
