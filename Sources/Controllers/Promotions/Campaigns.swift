import Contract

/// Times in which products are promoted.
enum Campaigns {
    static let reference = Reference(resource: "campaign", table: "campaigns", key: "campaign_id")

    static let campaignID = Field.text("campaign_id", max: 100, "The seller's own number of the campaign.").unique
    static let name = Field.text("name", max: 255, "What it is called.")
    static let description = Field.text("description", "What it is about.").optional
    static let status = Field.choice(
        "status", ["draft": "Draft", "active": "Active", "paused": "Paused", "completed": "Completed"],
        "Whether it runs."
    ).initially(.text("draft"))
    static let startDate = Field.timestamp("start_date", "When it begins.")
    static let endDate = Field.timestamp("end_date", "When it ends.")
    static let budget = Field.amount("budget", "What it may cost.").nullable
    static let targetAudience = Field.text("target_audience", max: 255, "Whom it is for.").optional

    static let resource = {
        var resource = Resource(
            reference, in: .promotions, key: .own(campaignID), "REST API ViewSet for Campaign management",
            fields: [
                campaignID, name, description, status, startDate, endDate, budget, targetAudience, .createdAt,
                .updatedAt,
            ])
        resource.order = [.descending(.createdAt)]
        resource.rules = [.period(start: startDate, end: endDate)]
        resource.filters = [.equals(status), .keys]
        return resource
    }()

    private static let activate = Endpoint(
        .on(resource, "activate_campaign", "Activate a campaign", .row, .changed, .init(.post, "activate"))
    ) { call in
        try call.move(resource, status, to: "active", "Campaign activated successfully")
    }

    private static let pause = Endpoint(
        .on(resource, "pause_campaign", "Pause a campaign", .row, .changed, .init(.post, "pause"))
    ) { call in
        try call.move(resource, status, to: "paused", "Campaign paused successfully")
    }

    /// SOAP only, as in the original; REST's list shows the status of each.
    private static let listActive = Endpoint(
        .on(resource, "list_active_campaigns", "List the campaigns that are active.", .collection, .list)
    ) { call in
        try call.sendList(resource, where: [call.condition(.equals(status), .text("active"), on: resource)])
    }

    static let endpoints = Endpoint.standard(resource) + [activate, pause, listActive]
}
