rootProject.name = "grievance-mobile"
