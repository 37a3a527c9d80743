using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Notices;

/// <summary>
/// Asks, when a notice is sent, what may have changed since it was made: whether there is still a letter to see and a
/// wish to be told, under a grant that is in force, and where to.
/// </summary>
sealed class NoticeRegister(NpgsqlDataSource database)
{
    const string JobSql = """
        select job_id, segment, content_sha256, sender_cvr, reference, sender_name from dispatch.jobs where job_id = $1
        """;

    // $1 job, $2 its segment. One look into the index by owner a person. The order is that index's, and job_id + 0 is
    // in none: a leaf that nobody has analyzed yet would else be read whole, or by the job, which is all of it.
    const string VisibleSql = """
        lateral (
            select l.person_id from mailbox.letters l
            where l.segment = $2 and l.job_id + 0 = $1 and l.person_id = whose.person_id
              and l.available_at <= clock_timestamp()
              and not l.row_no <@ (select coalesce(range_agg(int4range(r.first_row, r.last_row, '[]')), '{}')
                                   from mailbox.recalls r where r.job_id = $1)
            order by l.available_at desc limit 1) visible
        """;

    // $3 people, $4 email or sms
    const string AddresseesSql = $"""
        with told as (
            select person_id, case $4 when 'email' then email else phone end as contact, notify
            from register.people where person_id = any($3) and not removed and status <> 90
            union all
            select person_id, case $4 when 'email' then email end, 'email'
            from register.companies where person_id = any($3) and active and not removed
        ), owners as (
            select whose.person_id from told whose cross join {VisibleSql}
        ), grants as (
            select t.person_id as reader, register.person_of(a.owner) as person_id
            from told t cross join lateral register.numbers_of(t.person_id) number
            join register.read_access a on a.reader = number
            where a.notify in ($4, 'both') and a.valid_from <= clock_timestamp()
              and (a.valid_to is null or a.valid_to > clock_timestamp())
        ), readers as (
            select distinct whose.reader as person_id from grants whose cross join {VisibleSql}
            where whose.reader <> whose.person_id
        )
        select t.person_id, t.contact, coalesce(n.language, 'da'), o.person_id is not null
        from told t left join owners o on o.person_id = t.person_id and t.notify in ($4, 'both')
        left join readers r on r.person_id = t.person_id
        left join register.notice_languages n on n.person_id = t.person_id
        where o.person_id is not null or r.person_id is not null
        """;

    const string SuppressedSql = "select contact from register.suppressed_contacts where contact = any($1)";

    public async Task<NoticeJob> ReadJobAsync(int jobId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(JobSql);
        command.Parameters.Add(Integer(jobId));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(
            row.GetInt32(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2), row.GetString(3), row.GetString(4),
            row.GetString(5));
    }

    /// <returns>By person_id; who is not in it is not to be told any more.</returns>
    public async Task<IReadOnlyDictionary<int, Addressee>> ReadAsync(
        NoticeJob job, NoticeChannel channel, IReadOnlyList<int> people, CancellationToken ct)
    {
        var found = await ReadContactsAsync(job, channel, people, ct);
        var suppressed = await ReadSuppressedAsync(
            found.Values.Where(a => a.Contact is not null).Select(a => Contact.Folded(a.Contact!)), ct);
        foreach (var (person, addressee) in found)
        {
            found[person] = addressee with
            {
                IsSuppressed = addressee.Contact is { } contact && suppressed.Contains(Contact.Folded(contact)),
            };
        }

        return found;
    }

    async Task<Dictionary<int, Addressee>> ReadContactsAsync(
        NoticeJob job, NoticeChannel channel, IReadOnlyList<int> people, CancellationToken ct)
    {
        await using var command = database.CreateCommand(AddresseesSql);
        command.Parameters.Add(Integer(job.JobId));
        command.Parameters.Add(Integer(job.Segment));
        command.Parameters.Add(
            new() { Value = people.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(Text(channel == NoticeChannel.Email ? "email" : "sms"));
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<int, Addressee>();
        while (await row.ReadAsync(ct))
        {
            found[row.GetInt32(0)] = new(
                Contact.TryParse(channel, row.IsDBNull(1) ? null : row.GetString(1)), IsSuppressed: false,
                row.GetString(2), row.GetBoolean(3));
        }

        return found;
    }

    async Task<HashSet<string>> ReadSuppressedAsync(IEnumerable<string> contacts, CancellationToken ct)
    {
        await using var command = database.CreateCommand(SuppressedSql);
        command.Parameters.Add(
            new() { Value = contacts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(ct);
        var suppressed = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(ct))
        {
            suppressed.Add(row.GetString(0));
        }

        return suppressed;
    }

    static NpgsqlParameter Integer(int value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Integer };

    static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
