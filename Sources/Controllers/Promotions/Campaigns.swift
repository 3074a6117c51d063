import Contract
import Engine

/// Periods in which products are promoted.
enum Campaigns {
    static let reference = Reference(resource: "campaign", table: "campaigns", key: "campaign_id")

    static let campaignID = Field.text(
        "campaign_id", max: 100, "Number that the seller gives the campaign; no other campaign has it."
    ).unique
    static let name = Field.text("name", max: 255, "Name of the campaign.")
    static let description = Field.text("description", "Description of the campaign; may be empty.").optional
    /// How far a campaign has come.
    enum Status: String, ChoiceValue {
        case draft, active, paused, completed
    }

    static let status = Field<Status>.choice(
        "status",
        "State of the campaign, set by the seller, activate_campaign or pause_campaign. Neither date changes it."
    ).initially(.draft)
    static let startDate = Field.timestamp("start_date", "UTC time when the campaign begins.")
    static let endDate = Field.timestamp("end_date", "UTC time when the campaign ends, not before it begins.")
    static let budget = Field.money(
        "budget",
        "Amount that the campaign may cost, in the seller's currency; null or absent: no limit. Nothing is counted against it."
    ).nullable
    static let targetAudience = Field.text(
        "target_audience", max: 255, "Group of buyers that the campaign is for, in the seller's words; may be empty."
    ).optional

    static let resource = Resource(
        reference, in: .promotions, key: .own(campaignID), about: "REST API ViewSet for Campaign management",
        fields: [
            campaignID, name, description, status, startDate, endDate, budget, targetAudience, .createdAt,
            .updatedAt,
        ], order: [.descending(.createdAt)], filters: [.equals(status), .keys],
        rules: [.period(start: startDate, end: endDate)])

    private static let anyStatus = Remark.both(
        "It does so from any status, a completed campaign's too, and looks at neither its dates nor its promotions.")

    private static let activate = Endpoint.writing(
        "activate_campaign", "Activate a campaign", .post("activate", options: "Activate a campaign"),
        on: .row(resource), returns: .changed, remarks: [anyStatus]
    ) { write in
        let campaign = try write.lock(resource, status)
        return try write.change(campaign, status.to(.active), saying: "Campaign activated successfully")
    }

    private static let pause = Endpoint.writing(
        "pause_campaign", "Pause a campaign", .post("pause", options: "Pause a campaign"), on: .row(resource),
        returns: .changed, remarks: [anyStatus]
    ) { write in
        let campaign = try write.lock(resource, status)
        return try write.change(campaign, status.to(.paused), saying: "Campaign paused successfully")
    }

    /// SOAP only, as in the original server; REST's list shows the status of each campaign.
    private static let listActive = Endpoint.reading(
        "list_active_campaigns", "List the active campaigns", on: .collection(resource), returns: .list,
        remarks: [.soap("Those whose status is active, whatever their dates, the newest first.")]
    ) { read in
        .list(try read.all(resource).matching(.equals(status), Status.active))
    }

    static let endpoints =
        Endpoint.standard(
            resource,
            update: [.both("The status may be set to any other, as activate_campaign and pause_campaign do.")],
            delete: [
                .both(
                    "Its product promotions are deleted with it. To stop it and keep them, use pause_campaign instead.")
            ]) + [activate, pause, listActive]
}
